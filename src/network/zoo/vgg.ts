import { NetworkBuilder } from '../builder.js';
import type { Family } from './options.js';

/**
 * VGG-16: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015
 * (arXiv 1409.1556), configuration D: 138 M parameters (138,357,544 as Keras counts them).
 */
export const vgg: Family = {
  names: ['vgg16'],
  owns: (name) => name === 'vgg16',
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    let x = b.input(input, 'input');
    for (const [block, [filters, convolutions]] of configurationD.entries()) {
      b.prefix = `block${block + 1}/`;
      for (let index = 0; index < convolutions; index++) x = b.relu(b.conv2d(x, { filters, kernel: 3 }));
      x = b.maxPool(x, { kernel: 2, name: 'pool' });
    }
    b.prefix = '';
    x = b.flatten(x);
    for (const name of ['fc6', 'fc7']) x = b.relu(b.dense(x, { units: 4096, name }));
    return b.build(b.softmax(b.dense(x, { units: classes, name: 'fc8' })));
  },
};

/** Filters and number of the 3x3 convolutions of each block. */
const configurationD: readonly (readonly [filters: number, convolutions: number])[] = [
  [64, 2],
  [128, 2],
  [256, 3],
  [512, 3],
  [512, 3],
];
