import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * ResNet-8 for CIFAR-10: the image classification network of MLPerf Tiny (Banbury et al., "MLPerf Tiny Benchmark",
 * NeurIPS 2021, arXiv 2106.07597), as its reference model in Keras (`resnet_v1_eembc`): three residual stacks of 16, 32
 * and 64 filters, biases everywhere, no normalisation on the shortcuts: 78,666 parameters, 12.5 M multiply-adds.
 */
export const resnet8: Family = {
  names: ['resnet8'],
  owns: (name) => name === 'resnet8',
  defaultInput: [32, 32, 3],
  defaultClasses: 10,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    const convolve = (from: Id, filters: number, stride: number, layer: Id) =>
      b.batchNorm(b.conv2d(from, { filters, kernel: 3, stride, name: layer }), `${layer}/bn`);
    let x = b.relu(convolve(b.input(input, 'input'), 16, 1, 'conv'));
    for (const [stack, filters] of [16, 32, 64].entries()) {
      b.prefix = `stack${stack + 1}/`;
      const stride = stack === 0 ? 1 : 2;
      const body = convolve(b.relu(convolve(x, filters, stride, 'conv1')), filters, 1, 'conv2');
      const shortcut = stack === 0 ? x : b.conv2d(x, { filters, kernel: 1, stride, name: 'shortcut' });
      x = b.relu(b.sum([shortcut, body], 'add'));
    }
    b.prefix = '';
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'pool'), { units: classes, name: 'dense' })));
  },
};
