import { NetworkBuilder } from '../builder.js';
import { ceilMaxPool } from './ceil-pool.js';
import type { Family } from './options.js';

/**
 * AlexNet: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NeurIPS
 * 2012, section 3: the second, fourth and fifth convolution in two groups (the paper's two GPUs), local response
 * normalisation after the first two, overlapping pools. Layer by layer as Caffe's `bvlc_alexnet`: 60,965,224
 * parameters. The input is 227x227, which is what the paper's 55x55 maps need (its text says 224x224).
 */
export const alexnet: Family = {
  names: ['alexnet'],
  owns: (name) => name === 'alexnet',
  defaultInput: [227, 227, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    // k = 2 in the paper; Caffe's default 1 is what its weights were trained with.
    const norm = { kind: 'localResponseNorm', size: 5, alpha: 1e-4 / 5, beta: 0.75, bias: 1 } as const;
    let x = b.input(input, 'input');
    x = b.relu(b.conv2d(x, { filters: 96, kernel: 11, stride: 4, padding: 'valid', name: 'conv1' }));
    x = ceilMaxPool(b, b.put({ ...norm, inputs: [x] }, 'norm1'), { kernel: 3, stride: 2, name: 'pool1' });
    x = b.relu(b.conv2d(x, { filters: 256, kernel: 5, groups: 2, name: 'conv2' }));
    x = ceilMaxPool(b, b.put({ ...norm, inputs: [x] }, 'norm2'), { kernel: 3, stride: 2, name: 'pool2' });
    x = b.relu(b.conv2d(x, { filters: 384, kernel: 3, name: 'conv3' }));
    x = b.relu(b.conv2d(x, { filters: 384, kernel: 3, groups: 2, name: 'conv4' }));
    x = b.relu(b.conv2d(x, { filters: 256, kernel: 3, groups: 2, name: 'conv5' }));
    x = b.flatten(ceilMaxPool(b, x, { kernel: 3, stride: 2, name: 'pool5' }));
    for (const layer of ['fc6', 'fc7']) {
      x = b.relu(b.dense(x, { units: 4096, name: layer }));
      x = b.put({ kind: 'dropout', inputs: [x], rate: 0.5 });
    }
    return b.build(b.softmax(b.dense(x, { units: classes, name: 'fc8' })));
  },
};
