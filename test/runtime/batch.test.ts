import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { lowerWhole } from '../../src/kernel/index.js';
import { type Network, NetworkBuilder, type Shape, zooNetwork } from '../../src/network/index.js';
import {
  type Backend,
  type BackendName,
  executeWhole,
  openBackend,
  prepareBatches,
  prepareWhole,
} from '../../src/runtime/index.js';
import { everyLayer } from '../support/every-layer.js';
import { withoutNative } from '../support/native.js';
import { randomNetwork } from '../support/random-network.js';
import { relativeError } from '../support/reference-network.js';

describe.each<[BackendName, string]>([
  ['tfjs-wasm', ''],
  ['tfjs-cpu', ''],
  ['tfjs-node', withoutNative],
])('a batch of images on %s%s', (name, skipped) => {
  let backend: Backend;
  beforeAll(async () => {
    if (skipped === '') backend = await openBackend(name);
  });

  it.skipIf(skipped)('gives what its images give one by one, for random networks', () => {
    const batches = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(randomNetwork(), batches, fc.integer({ min: 0, max: 1000 }), (network, batch, seed) =>
        expectSame(network, batch, seed, backend),
      ),
      { numRuns: name === 'tfjs-cpu' ? 40 : 100 },
    );
  });

  it.skipIf(skipped).each(everyLayer())('gives what its images give one by one: %s', (_, network) =>
    expectSame(network, 3, 3, backend),
  );

  it.skipIf(skipped)('has its constants for every image', () => {
    const b = new NetworkBuilder('constants');
    const x = b.input([3, 4, 2]);
    const constant = (shape: Shape) => {
      const values = Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, index) => Math.cos(index));
      return b.put({ kind: 'constant', inputs: [], shape, values });
    };
    const joined = b.concat([x, constant([3, 4, 3])]);
    const product = b.put({ kind: 'matmul', inputs: [joined, constant([3, 5, 4])], transposeB: false });
    expectSame(b.build(product), 3, 1, backend);
  });

  it.skipIf(skipped)('may change its size from run to run, with the weights that are there', () => {
    const network = zooNetwork('lenet5');
    const whole = prepareWhole(network, { seed: 1, backend });
    const input = images(network, 4, 1);
    const image = input.length / 4;
    const single = whole.run(input.subarray(0, image));
    const before = tf.memory().numTensors;
    for (const batch of [4, 1, 3, 2]) {
      const output = whole.run(input.subarray(0, batch * image), batch);
      expect(output.length).toBe(batch * single.length);
      expect(relativeError(output.subarray(0, single.length), single)).toBeLessThan(1e-4);
    }
    expect(tf.memory().numTensors).toBe(before);
    whole.dispose();
  });

  it.skipIf(skipped)('is what kernels are timed on, all with the same weights', () => {
    const before = tf.memory().numTensors;
    for (const kernel of lowerWhole(zooNetwork('mobilenet-v2-0.35', { input: 32 })).kernels) {
      const { runs, dispose } = prepareBatches(kernel, [1, 4]);
      for (const run of runs) {
        run.renew!();
        run.run();
      }
      dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.skipIf(skipped).each([
    [0, 784, 'batch: found 0, expected a whole number of images from 1'],
    [1.5, 1176, 'batch: found 1.5, expected a whole number of images from 1'],
    [2, 784, 'network lenet5: found an input of 784 numbers, expected 2x28x28x1'],
  ])('of %s images in %s numbers is refused in a sentence', (batch, length, sentence) => {
    const run = () =>
      executeWhole(zooNetwork('lenet5'), new Float32Array(length), { seed: 1, backend, batch });
    expect(run).toThrow(sentence);
  });
});

/** Every image within 1e-4 of the largest number of its own output, and no tensor left. */
function expectSame(network: Network, batch: number, seed: number, backend: Backend): void {
  const input = images(network, batch, seed);
  const before = tf.memory().numTensors;
  const together = executeWhole(network, input, { seed, backend, batch });
  expect(tf.memory().numTensors).toBe(before);
  const [image, output] = [input.length / batch, together.length / batch];
  for (let index = 0; index < batch; index++) {
    const one = executeWhole(network, input.subarray(index * image, (index + 1) * image), { seed, backend });
    expect(relativeError(together.subarray(index * output, (index + 1) * output), one)).toBeLessThanOrEqual(
      1e-4,
    );
  }
}

function images(network: Network, batch: number, seed: number): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const { uniform } = randomStream(seed, 'input');
  return Float32Array.from({ length: batch * shape[0] * shape[1] * shape[2] }, uniform);
}
