import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { type Network, NetworkBuilder } from '../../src/network/index.js';
import { type Backend, drawnWeights, executeWhole, openBackend } from '../../src/runtime/index.js';
import { randomNetwork } from '../support/random-network.js';
import { referenceOutput, relativeError } from '../support/reference-network.js';

describe.each(['tfjs-wasm', 'tfjs-cpu'] as const)('an undivided network on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
  });

  it('gives the output of the textbook, layer by layer, for random networks', () => {
    fc.assert(
      fc.property(randomNetwork(), fc.integer({ min: 0, max: 1000 }), (network, seed) => {
        const input = randomInput(network, seed);
        const expected = referenceOutput(network, input, drawnWeights(seed));
        expect(relativeError(executeWhole(network, input, { seed, backend }), expected)).toBeLessThan(1e-4);
      }),
      { numRuns: name === 'tfjs-wasm' ? 150 : 40 },
    );
  });

  it('keeps no tensor after a run', () => {
    const before = tf.memory().numTensors;
    const network = everyLayer();
    executeWhole(network, randomInput(network, 1), { seed: 1, backend });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the output of the textbook for layers that random networks lack', () => {
    const network = everyLayer();
    const input = randomInput(network, 3);
    const expected = referenceOutput(network, input, drawnWeights(3));
    expect(relativeError(executeWhole(network, input, { seed: 3, backend }), expected)).toBeLessThan(1e-4);
  });
});

describe('weights', () => {
  it('depend on the seed and on nothing else', () => {
    const network = everyLayer();
    const layer = network.layers.find(({ kind }) => kind === 'conv2d')!;
    const kernel = (seed: number) => drawnWeights(seed)(network, layer)['kernel'];
    expect(kernel(1)).toEqual(kernel(1));
    expect(kernel(1)).not.toEqual(kernel(2));
  });
});

function everyLayer(): Network {
  const b = new NetworkBuilder('every-layer');
  const input = b.input([12, 8, 2]);
  const conv = b.relu(
    b.batchNorm(b.conv2d(input, { filters: 6, kernel: [3, 5], groups: 2, stride: [2, 1] })),
  );
  const deep = b.activation(b.depthwiseConv2d(conv, { kernel: 3, multiplier: 2 }), 'tanh');
  const reorg = b.spaceToDepth(deep, 2);
  const enlarged = b.upsample(reorg, [2, 3], 'bilinear');
  const repeated = b.upsample(reorg, [2, 3], 'nearest');
  const both = b.concat([enlarged, repeated, b.activation(enlarged, 'leakyRelu', { alpha: 0.1 })]);
  const pooled = b.avgPool(b.sum([both, both, b.batchNorm(both)]), { kernel: 1, stride: 2 });
  return b.build(b.softmax(b.dense(b.flatten(pooled), { units: 7 })));
}

function randomInput(network: Network, seed: number): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const { uniform } = randomStream(seed, 'input');
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, uniform);
}
