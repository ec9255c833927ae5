import { complain } from '../../foundation/index.js';
import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * MobileNet V1, also `mobilenet-v1-0.25` and so on for a width: Howard et al., "MobileNets: Efficient Convolutional
 * Neural Networks for Mobile Vision Applications", 2017 (arXiv 1704.04861), table 1 (layers) and table 4: 4.2 M
 * parameters, 569 M multiply-adds. Convolutions without biases before each batch normalisation and ReLU6 as in the authors' code and
 * in Keras, which counts 4,253,864 parameters (4,231,976 trainable). A width a gives floor(a * filters), as Keras does.
 */
export const mobilenetV1: Family = {
  names: ['mobilenet-v1', 'mobilenet-v1-0.25', 'mobilenet-v1-0.5', 'mobilenet-v1-0.75'],
  pattern: 'mobilenet-v1-W (width W)',
  owns: (name) => name === 'mobilenet-v1' || /^mobilenet-v1-\d+(\.\d+)?$/.test(name),
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const width = Number(/^mobilenet-v1-(.+)$/.exec(name)?.[1] ?? 1);
    if (width < 0.05 || width > 4)
      throw complain({ file: `network ${name}`, found: `a width of ${width}`, expected: '0.05 to 4' });
    const filters = (base: number) => Math.max(1, Math.floor(base * width));
    const b = new NetworkBuilder(name);
    const normalised = (from: Id, stem: string) =>
      b.activation(b.batchNorm(from, `${stem}/bn`), 'relu6', { name: `${stem}/relu` });
    let x = b.input(input, 'input');
    x = b.conv2d(x, { filters: filters(32), kernel: 3, stride: 2, bias: false, name: 'conv1' });
    x = normalised(x, 'conv1');
    for (const [index, [stride, outputs]] of separable.entries()) {
      const depthwise = `depthwise${index + 1}`;
      const pointwise = `pointwise${index + 1}`;
      x = normalised(b.depthwiseConv2d(x, { kernel: 3, stride, bias: false, name: depthwise }), depthwise);
      x = b.conv2d(x, { filters: filters(outputs), kernel: 1, bias: false, name: pointwise });
      x = normalised(x, pointwise);
    }
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'pool'), { units: classes, name: 'dense' })));
  },
};

/** Stride of each depthwise convolution and filters of the pointwise one after it. */
const separable: readonly (readonly [stride: number, filters: number])[] = [
  [1, 64],
  [2, 128],
  [1, 128],
  [2, 256],
  [1, 256],
  [2, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [2, 1024],
  [1, 1024],
];
