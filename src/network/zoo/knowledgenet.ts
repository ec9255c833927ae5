import { NetworkBuilder } from '../builder.js';
import type { Family } from './options.js';

/**
 * KnowledgeNet's MNIST network: Biookaghazadeh, Chen, Zhao and Zhao, "KnowledgeNet: Disaggregated and Distributed
 * Training and Serving of Deep Neural Networks", USENIX OpML 2019.
 *
 * Published is only the kind and number of layers: one convolution with max pooling and three fully connected
 * layers, for 28x28 digits. Every size below (32 filters of 5x5, a 2x2 pool, 256 and 128 units, ReLU) is nonn's choice.
 */
export const knowledgeNet: Family = {
  names: ['knowledgenet-mnist'],
  owns: (name) => name === 'knowledgenet-mnist',
  defaultInput: [28, 28, 1],
  defaultClasses: 10,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    let x = b.relu(b.conv2d(b.input(input, 'input'), { filters: 32, kernel: 5, name: 'conv' }));
    x = b.flatten(b.maxPool(x, { kernel: 2, name: 'pool' }));
    x = b.relu(b.dense(x, { units: 256, name: 'fc1' }));
    x = b.relu(b.dense(x, { units: 128, name: 'fc2' }));
    return b.build(b.softmax(b.dense(x, { units: classes, name: 'fc3' })));
  },
};
