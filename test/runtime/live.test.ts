import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CostModel } from '../../src/device/index.js';
import { lowerWhole } from '../../src/kernel/index.js';
import { type Backend, liveCosts, openBackend, prepareKernel } from '../../src/runtime/index.js';
import { planHorizontal } from '../../src/strategy/index.js';
import { randomNetwork } from '../support/random-network.js';

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('tfjs-wasm');
});

const links: CostModel = {
  task: () => {
    throw new Error('the live model never asks the profile about tasks');
  },
  message: (bytes) => ({ seconds: bytes / 1e6, low: 0, high: 1, source: 'given' }),
};
const rounds = { most: 2, least: 1, seconds: 0.1 };

describe('a kernel', () => {
  it('of any network or piece of one can be run from its family and shape alone', () => {
    const setting = {
      devices: ['a', 'b', 'c'],
      source: 'a',
      sink: 'b',
      inputAt: 'source',
      inputType: 'uint8',
    } as const;
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        const { plan } = planHorizontal(network, setting);
        const kernels = plan.tasks.flatMap(({ work }) => (work.kind === 'kernels' ? work.kernels : []));
        const before = tf.memory().numTensors;
        for (const kernel of [...kernels, ...lowerWhole(network).kernels]) {
          const alone = prepareKernel(kernel);
          alone.run();
          alone.dispose();
        }
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('live costs', () => {
  it('are those of kernels that really ran, the same each time, and leave messages to the links', () => {
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        const costs = liveCosts(links, backend, rounds);
        const work = { kind: 'kernels', kernels: lowerWhole(network).kernels } as const;
        const before = tf.memory().numTensors;
        const first = costs.task(work, 'a');
        expect(first).toMatchObject({ source: 'measured', seconds: first.low });
        expect(first.seconds).toBeGreaterThan(0);
        expect(first.high).toBeGreaterThanOrEqual(first.low);
        expect(costs.task(work, 'b')).toEqual(first);
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 5 },
    );
    expect(liveCosts(links, backend).message(1e6, 'a', 'b').seconds).toBe(1);
  });

  it('know what it takes to encode and to decode a frame', () => {
    const costs = liveCosts(links, backend, rounds);
    const before = tf.memory().numTensors;
    for (const kind of ['encode', 'decode'] as const) {
      const cost = costs.task({ kind, bytes: 40_068 }, 'a');
      expect(cost).toMatchObject({ source: 'measured' });
      expect(cost.seconds).toBeGreaterThan(0);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuse work of bare FLOP, which nobody can run', () => {
    expect(() => liveCosts(links, backend).task({ kind: 'flops', flops: 1 }, 'a')).toThrow(
      /found work of bare FLOP/,
    );
  });
});
