import { NetworkBuilder } from '../builder.js';
import type { Family } from './options.js';

/**
 * LeNet-5: LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", Proceedings
 * of the IEEE 86(11), 1998, section II.B, in the form that is used today: 28x28 images padded to the paper's 32x32,
 * plain average pooling in the place of subsampling with learned coefficients, all 6 maps read by all 16 filters of
 * the second convolution, and a dense layer with softmax in the place of the radial basis functions: 61,706 parameters.
 */
export const lenet: Family = {
  names: ['lenet5'],
  owns: (name) => name === 'lenet5',
  defaultInput: [28, 28, 1],
  defaultClasses: 10,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    let x = b.input(input, 'input');
    x = b.activation(b.conv2d(x, { filters: 6, kernel: 5, padding: 'same', name: 'c1' }), 'tanh');
    x = b.avgPool(x, { kernel: 2, name: 's2' });
    x = b.activation(b.conv2d(x, { filters: 16, kernel: 5, padding: 'valid', name: 'c3' }), 'tanh');
    x = b.avgPool(x, { kernel: 2, name: 's4' });
    x = b.flatten(x);
    x = b.activation(b.dense(x, { units: 120, name: 'c5' }), 'tanh');
    x = b.activation(b.dense(x, { units: 84, name: 'f6' }), 'tanh');
    return b.build(b.softmax(b.dense(x, { units: classes, name: 'output' })));
  },
};
