import { complain } from '../../foundation/index.js';
import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * MobileNet V2, also `mobilenet-v2-0.25` and so on for a width: Sandler et al., "MobileNetV2: Inverted Residuals and
 * Linear Bottlenecks", CVPR 2018 (arXiv 1801.04381), table 2: 300 M multiply-adds, 3.4 M parameters (3,538,984 as Keras
 * counts, 3,504,872 of them trainable). A width gives multiples of 8 filters, as in the authors' code and in Keras; it
 * widens the last convolution only above 1.
 */
export const mobilenetV2: Family = {
  names: ['mobilenet-v2', 'mobilenet-v2-0.25', 'mobilenet-v2-0.5', 'mobilenet-v2-0.75', 'mobilenet-v2-1.4'],
  pattern: 'mobilenet-v2-W (width W)',
  owns: (name) => name === 'mobilenet-v2' || /^mobilenet-v2-\d+(\.\d+)?$/.test(name),
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const width = Number(/^mobilenet-v2-(.+)$/.exec(name)?.[1] ?? 1);
    if (width < 0.05 || width > 4)
      throw complain({ file: `network ${name}`, found: `a width of ${width}`, expected: '0.05 to 4' });
    const b = new NetworkBuilder(name);
    const normalised = (from: Id, stem: string) =>
      b.activation(b.batchNorm(from, `${stem}/bn`), 'relu6', { name: `${stem}/relu` });
    const pointwise = (from: Id, filters: number, stem: Id) =>
      b.conv2d(from, { filters, kernel: 1, bias: false, name: stem });
    let channels = divisible(32 * width);
    let x = b.input(input, 'input');
    x = b.conv2d(x, { filters: channels, kernel: 3, stride: 2, bias: false, name: 'conv1' });
    x = normalised(x, 'conv1');
    let block = 0;
    for (const [expansion, base, repeats, firstStride] of bottlenecks) {
      const filters = divisible(base * width);
      for (let index = 0; index < repeats; index++) {
        b.prefix = `block${block++}/`;
        const stride = index === 0 ? firstStride : 1;
        let y = x;
        if (expansion > 1) y = normalised(pointwise(x, expansion * channels, 'expand'), 'expand');
        y = b.depthwiseConv2d(y, { kernel: 3, stride, bias: false, name: 'depthwise' });
        y = pointwise(normalised(y, 'depthwise'), filters, 'project');
        y = b.batchNorm(y, 'project/bn');
        x = stride === 1 && channels === filters ? b.sum([x, y], 'add') : y;
        channels = filters;
      }
    }
    b.prefix = '';
    x = normalised(pointwise(x, width > 1 ? divisible(1280 * width) : 1280, 'conv2'), 'conv2');
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'pool'), { units: classes, name: 'dense' })));
  },
};

/** The nearest multiple of 8 that is not more than a tenth below. */
function divisible(filters: number): number {
  const nearest = Math.max(8, Math.floor((filters + 4) / 8) * 8);
  return nearest < 0.9 * filters ? nearest + 8 : nearest;
}

/** Table 2: expansion, filters, repeats, and stride of the first of them. */
const bottlenecks: readonly (readonly [
  expansion: number,
  filters: number,
  repeats: number,
  stride: number,
])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];
