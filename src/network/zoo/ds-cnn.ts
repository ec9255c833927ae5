import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * DS-CNN small, medium and large, for keyword spotting on 49 frames of 10 cepstral coefficients: Zhang, Suda, Lai and
 * Chandra, "Hello Edge: Keyword Spotting on Microcontrollers", 2017 (arXiv 1711.07128), with the sizes of the authors'
 * training commands: 5.4, 19.8 and 56.9 M operations, two for a multiply-add. Biases before each batch normalisation
 * as in the authors' code and in MLPerf Tiny, whose keyword spotter is the small one: 24,908 parameters.
 */
export const dsCnn: Family = {
  names: ['ds-cnn-s', 'ds-cnn-m', 'ds-cnn-l'],
  owns: (name) => /^ds-cnn-[sml]$/.test(name),
  defaultInput: [49, 10, 1],
  defaultClasses: 12,
  build: (name, input, classes) => {
    const { filters, blocks, strides } = sizes[name.at(-1) as 's' | 'm' | 'l'];
    const b = new NetworkBuilder(name);
    const normalised = (from: Id, stem: string) => b.relu(b.batchNorm(from, `${stem}/bn`), `${stem}/relu`);
    let x = b.input(input, 'input');
    x = normalised(b.conv2d(x, { filters, kernel: [10, 4], stride: strides[0], name: 'conv1' }), 'conv1');
    for (let index = 1; index <= blocks; index++) {
      const stride = index === 1 ? strides[1] : 1;
      const [depthwise, pointwise] = [`depthwise${index}`, `pointwise${index}`];
      x = normalised(b.depthwiseConv2d(x, { kernel: 3, stride, name: depthwise }), depthwise);
      x = normalised(b.conv2d(x, { filters, kernel: 1, name: pointwise }), pointwise);
    }
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'pool'), { units: classes, name: 'dense' })));
  },
};

/** Filters, separable blocks, and the strides of the first convolution and the first block. */
const sizes = {
  s: { filters: 64, blocks: 4, strides: [[2, 2], 1] },
  m: { filters: 172, blocks: 4, strides: [[2, 1], 2] },
  l: { filters: 276, blocks: 5, strides: [[2, 1], 2] },
} as const;
