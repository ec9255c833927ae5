import { complain } from '../../foundation/index.js';
import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * A plain convolutional network for small images, `cnn-W`: a 5x5 convolution of W filters and two of 3x3 with 3W and 4W, each
 * with batch normalisation and ReLU, the first two followed by a maximum over 2x2; then the mean of each filter and a
 * dense layer. LeNet's pattern with what came after it (normalisation, ReLU, global pooling), as nonn's own teacher and
 * students for digits; it is nobody's published network.
 */
export const cnn: Family = {
  names: ['cnn-4', 'cnn-8', 'cnn-16', 'cnn-32'],
  pattern: 'cnn-W',
  owns: (name) => /^cnn-\d+$/.test(name),
  defaultInput: [28, 28, 1],
  defaultClasses: 10,
  build: (name, input, classes) => {
    const width = Number(name.split('-')[1]);
    if (width < 1 || width > 1024)
      throw complain({ file: `network ${name}`, found: `a width of ${width}`, expected: '1 to 1024' });
    const b = new NetworkBuilder(name);
    const convolve = (from: Id, filters: number, kernel: number, layer: Id) => {
      const conv = b.conv2d(from, { filters, kernel, bias: false, name: layer });
      return b.relu(b.batchNorm(conv, `${layer}/bn`), `${layer}/relu`);
    };
    const halve = (from: Id, layer: Id) => b.maxPool(from, { kernel: 2, name: layer });
    const first = halve(convolve(b.input(input, 'input'), width, 5, 'conv1'), 'pool1');
    const second = halve(convolve(first, 3 * width, 3, 'conv2'), 'pool2');
    const features = b.globalAvgPool(convolve(second, 4 * width, 3, 'conv3'), 'pool');
    return b.build(b.dense(features, { units: classes, name: 'dense' }));
  },
};
