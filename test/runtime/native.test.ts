import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import type { Network } from '../../src/network/index.js';
import { type Backend, drawnWeights, execute, executeWhole, openBackend } from '../../src/runtime/index.js';
import { planHorizontal, type Setting } from '../../src/strategy/index.js';
import { everyLayer } from '../support/every-layer.js';
import { withoutNative } from '../support/native.js';
import { randomNetwork } from '../support/random-network.js';
import { referenceOutput, relativeError } from '../support/reference-network.js';

describe.skipIf(withoutNative)(`native kernels${withoutNative}`, () => {
  let backend: Backend;
  let others: readonly Backend[];
  beforeAll(async () => {
    others = [await openBackend('tfjs-wasm'), await openBackend('tfjs-cpu')];
    backend = await openBackend('tfjs-node');
  });

  it('give the same outputs as wasm and plain JavaScript for random networks, and leave nothing behind', () => {
    fc.assert(
      fc.property(randomNetwork(), fc.integer({ min: 0, max: 1000 }), (network, seed) => {
        const input = randomInput(network, seed);
        const before = tf.memory().numTensors;
        const found = executeWhole(network, input, { seed, backend });
        expect(tf.memory().numTensors).toBe(before);
        for (const other of others)
          expect(
            relativeError(found, executeWhole(network, input, { seed, backend: other })),
          ).toBeLessThanOrEqual(1e-4);
      }),
      { numRuns: 60 },
    );
  });

  it('give the same outputs in strips, whose padding is at one side only', () => {
    const setting: Setting = {
      devices: ['a', 'b', 'c'],
      source: 'a',
      sink: 'b',
      inputAt: 'source',
      inputType: 'float32',
    };
    fc.assert(
      fc.property(randomNetwork(), fc.integer({ min: 0, max: 1000 }), (network, seed) => {
        const input = randomInput(network, seed);
        const { plan } = planHorizontal(network, setting);
        const { output } = execute(plan, new Map([[network.id, network]]), input, { seed, backend });
        const whole = executeWhole(network, input, { seed, backend: others[0]! });
        expect(relativeError(output, whole)).toBeLessThanOrEqual(1e-4);
      }),
      { numRuns: 60 },
    );
  });

  it.each(everyLayer())('%s gives the numbers of the textbook', (_, network) => {
    const input = randomInput(network, 3);
    const expected = referenceOutput(network, input, drawnWeights(3));
    const before = tf.memory().numTensors;
    expect(relativeError(executeWhole(network, input, { seed: 3, backend }), expected)).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('have one number of threads in a process', async () => {
    expect(backend.threads).toBe(1);
    await expect(openBackend('tfjs-node', { threads: 2 })).rejects.toThrow(
      'threads: found 2, expected 1, with which this process loaded the native kernels',
    );
  });
});

describe('a backend that cannot be had is refused in a sentence', () => {
  it.skipIf(!withoutNative)('when it is not installed, with the command that installs it', async () => {
    await expect(openBackend('tfjs-node')).rejects.toThrow(
      /^backend tfjs-node: found .*, expected .*(npm run native|20 or 22)/,
    );
  });

  it('when it has one thread only', async () => {
    await expect(openBackend('tfjs-wasm', { threads: 2 })).rejects.toThrow(
      'threads: found 2, expected 1, since tfjs-wasm has one thread in Node.js',
    );
  });
});

function randomInput(network: Network, seed: number): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const { uniform } = randomStream(seed, 'input');
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, uniform);
}
