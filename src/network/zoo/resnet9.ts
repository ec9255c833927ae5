import { complain } from '../../foundation/index.js';
import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * ResNet-9, `resnet9-W` or `resnet9-W-L`: a convolution of W filters, then three of 2W, 4W and L (8W where it is left out)
 * that each halve the map, the first and the last followed by a residual pair.
 *
 * After D. Page's entry to DAWNBench ("How to train your ResNet", 2018; W = 64), which trains to 94 % on CIFAR-10 in few
 * epochs. Here the image is normalised by a batch normalisation without scale and offset, so that the network takes
 * numbers in 0..1 as everything else does, and the last map is averaged, as in the teachers of NoNN.
 */
export const resnet9: Family = {
  names: ['resnet9-8', 'resnet9-16', 'resnet9-32', 'resnet9-64'],
  pattern: 'resnet9-W',
  owns: (name) => /^resnet9-\d+(-\d+)?$/.test(name),
  defaultInput: [32, 32, 3],
  defaultClasses: 10,
  build: (name, input, classes) => {
    const [width, last = 8 * width!] = name.split('-').slice(1).map(Number) as [number, number?];
    const found = [width, last].find((size) => size < 1 || size > 4096);
    if (found !== undefined)
      throw complain({ file: `network ${name}`, found: `a width of ${found}`, expected: '1 to 4096' });
    const b = new NetworkBuilder(name);
    const convolve = (from: Id, filters: number, layer: Id) => {
      const conv = b.conv2d(from, { filters, kernel: 3, bias: false, name: layer });
      return b.relu(b.batchNorm(conv, `${layer}/bn`), `${layer}/relu`);
    };
    const halve = (from: Id, layer: Id) => b.maxPool(from, { kernel: 2, name: layer });
    const residual = (from: Id, filters: number, layer: Id) =>
      b.sum([convolve(convolve(from, filters, `${layer}/conv1`), filters, `${layer}/conv2`), from], layer);
    const image = b.put(
      { kind: 'batchNorm', inputs: [b.input(input, 'input')], epsilon: 1e-3, scale: false, center: false },
      'image',
    );
    const first = halve(convolve(convolve(image, width, 'conv1'), 2 * width, 'conv2'), 'pool1');
    const second = halve(convolve(residual(first, 2 * width, 'res1'), 4 * width, 'conv3'), 'pool2');
    const third = halve(convolve(second, last, 'conv4'), 'pool3');
    const features = b.globalAvgPool(residual(third, last, 'res2'), 'pool');
    return b.build(b.dense(features, { units: classes, name: 'dense' }));
  },
};
