import { NetworkBuilder } from '../builder.js';
import type { Family } from './options.js';

/**
 * VGG-11 and VGG-16: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR
 * 2015 (arXiv 1409.1556), configurations A and D: 133 M and 138 M parameters (138,357,544 as Keras counts the second).
 */
export const vgg: Family = {
  names: ['vgg11', 'vgg16'],
  owns: (name) => name === 'vgg11' || name === 'vgg16',
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    let x = b.input(input, 'input');
    for (const [block, convolutions] of configurations[name as 'vgg11' | 'vgg16'].entries()) {
      b.prefix = `block${block + 1}/`;
      for (let index = 0; index < convolutions; index++)
        x = b.relu(b.conv2d(x, { filters: blockFilters[block]!, kernel: 3 }));
      x = b.maxPool(x, { kernel: 2, name: 'pool' });
    }
    b.prefix = '';
    x = b.flatten(x);
    for (const name of ['fc6', 'fc7']) x = b.relu(b.dense(x, { units: 4096, name }));
    return b.build(b.softmax(b.dense(x, { units: classes, name: 'fc8' })));
  },
};

/** Filters of the 3x3 convolutions of each block. */
const blockFilters = [64, 128, 256, 512, 512];

/** Number of convolutions of each block. */
const configurations = { vgg11: [1, 1, 2, 2, 2], vgg16: [2, 2, 3, 3, 3] };
