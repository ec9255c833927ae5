import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * ResNet-18 and ResNet-50: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016 (arXiv
 * 1512.03385), table 1, with projections where the shape changes (option B). As in torchvision, which counts 11,689,512
 * and 25,557,032 trainable parameters: no biases before batch normalisation, and the stride of a bottleneck in its 3x3
 * convolution (in the paper in the 1x1 before it, with 3.86 instead of 4.09 G multiply-adds).
 */
export const resnet: Family = {
  names: ['resnet18', 'resnet50'],
  owns: (name) => name === 'resnet18' || name === 'resnet50',
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    const deep = name === 'resnet50';
    let x = convolve(b, b.input(input, 'input'), 'conv1', 64, 7, 2);
    x = b.maxPool(b.relu(x), { kernel: 3, stride: 2, padding: around(1), name: 'pool' });
    let channels = 64;
    for (const [stage, blocks] of (deep ? [3, 4, 6, 3] : [2, 2, 2, 2]).entries()) {
      for (let index = 0; index < blocks; index++) {
        b.prefix = `layer${stage + 1}/block${index + 1}/`;
        const width = 64 * 2 ** stage;
        const filters = deep ? 4 * width : width;
        const stride = stage > 0 && index === 0 ? 2 : 1;
        const body = deep ? bottleneck(b, x, width, stride) : basic(b, x, width, stride);
        const plain = channels === filters && stride === 1;
        const shortcut = plain ? x : convolve(b, x, 'shortcut', filters, 1, stride);
        x = b.relu(b.sum([body, shortcut], 'add'));
        channels = filters;
      }
    }
    b.prefix = '';
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'gap'), { units: classes, name: 'fc' })));
  },
};

function basic(b: NetworkBuilder, from: Id, width: number, stride: number): Id {
  return convolve(b, b.relu(convolve(b, from, 'conv1', width, 3, stride)), 'conv2', width, 3, 1);
}

function bottleneck(b: NetworkBuilder, from: Id, width: number, stride: number): Id {
  const reduced = b.relu(convolve(b, from, 'conv1', width, 1, 1));
  const middle = b.relu(convolve(b, reduced, 'conv2', width, 3, stride));
  return convolve(b, middle, 'conv3', 4 * width, 1, 1);
}

/** A convolution with half its kernel of zeros around the map, then batch normalisation. */
function convolve(
  b: NetworkBuilder,
  from: Id,
  name: Id,
  filters: number,
  kernel: number,
  stride: number,
): Id {
  const padding = around((kernel - 1) / 2);
  return b.batchNorm(b.conv2d(from, { filters, kernel, stride, padding, bias: false, name }), `${name}/bn`);
}

function around(count: number) {
  return { top: count, bottom: count, left: count, right: count };
}
