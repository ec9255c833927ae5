import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { lowerWhole } from '../../src/kernel/index.js';
import type { Network } from '../../src/network/index.js';
import {
  type Backend,
  drawnWeights,
  execute,
  executeWhole,
  openBackend,
  prepareKernel,
} from '../../src/runtime/index.js';
import { planHorizontal, type Setting } from '../../src/strategy/index.js';
import { everyLayer } from '../support/every-layer.js';
import { referenceOutput, relativeError } from '../support/reference-network.js';

const cases = everyLayer();

describe.each(['tfjs-wasm', 'tfjs-cpu'] as const)('on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
  });

  it.each(cases)('%s gives the numbers of the textbook, and leaves nothing behind', (_, network) => {
    const before = tf.memory().numTensors;
    const input = randomInput(network);
    const expected = referenceOutput(network, input, drawnWeights(3));
    const found = executeWhole(network, input, { seed: 3, backend });
    expect(relativeError(found, expected)).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('on several devices', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend('tfjs-wasm');
  });
  const setting: Setting = {
    devices: ['a', 'b', 'c'],
    source: 'a',
    sink: 'b',
    inputAt: 'source',
    inputType: 'float32',
  };

  it.each(cases)('%s gives the same numbers in strips', (_, network) => {
    const input = randomInput(network);
    const { plan } = planHorizontal(network, setting);
    const { output } = execute(plan, new Map([[network.id, network]]), input, { seed: 3, backend });
    const whole = executeWhole(network, input, { seed: 3, backend });
    expect(relativeError(output, whole)).toBeLessThan(1e-5);
  });

  it.each(cases)('%s runs from the family and shape of its kernels alone', (_, network) => {
    const { plan } = planHorizontal(network, setting);
    const pieces = plan.tasks.flatMap(({ work }) => (work.kind === 'kernels' ? work.kernels : []));
    const before = tf.memory().numTensors;
    for (const kernel of [...lowerWhole(network).kernels, ...pieces]) {
      const alone = prepareKernel(kernel);
      alone.run();
      alone.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

function randomInput(network: Network): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const { uniform } = randomStream(3, network.id);
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, uniform);
}
