import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { fusedPrefix } from '../../src/kernel/index.js';
import type { Network } from '../../src/network/index.js';
import { assumePartition } from '../../src/partition/index.js';
import { type Backend, execute, executeWhole, openBackend } from '../../src/runtime/index.js';
import {
  joinStudents,
  planDeepThings,
  planHorizontal,
  planNonn,
  planSingle,
  type Setting,
  type Strategised,
} from '../../src/strategy/index.js';
import { randomNetwork } from '../support/random-network.js';
import { relativeError } from '../support/reference-network.js';

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('tfjs-wasm');
});

/** One to five devices, with source and sink among them or beside them. */
const setting: fc.Arbitrary<Setting> = fc
  .record({
    count: fc.integer({ min: 1, max: 5 }),
    source: fc.nat(5),
    sink: fc.nat(5),
    inputAt: fc.constantFrom('source' as const, 'everyDevice' as const),
    inputType: fc.constantFrom('float32' as const, 'uint8' as const),
  })
  .map(({ count, source, sink, inputAt, inputType }) => {
    const devices = Array.from({ length: count }, (_, index) => `d${index}`);
    const of = (index: number) => devices[index] ?? 'gateway';
    return { devices, source: of(source), sink: of(sink), inputAt, inputType };
  });

describe('an executed plan equals the undivided network, and runs the kernels that it counts', () => {
  it('for a single device', () => {
    fc.assert(
      fc.property(randomNetwork(), setting, (network, where) => {
        check(planSingle(network, where), where);
      }),
      { numRuns: 60 },
    );
  });

  it('for horizontal strips, equal or in proportion', () => {
    fc.assert(
      fc.property(
        randomNetwork(),
        setting,
        fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 })),
        (network, where, shares) => {
          check(planHorizontal(network, where, shares?.slice(0, where.devices.length)), where);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("for DeepThings' fused tiles", () => {
    fc.assert(
      fc.property(
        randomNetwork(),
        setting,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (network, where, fused, rows, columns) => {
          const tiling = possible(network, { fused, rows, columns });
          fc.pre(tiling !== undefined);
          check(planDeepThings(network, where, tiling!), where);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('for a NoNN of one to five students of different bodies', () => {
    const bodies = fc.array(randomNetwork({ head: true, maxBlocks: 3 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(bodies, setting, (networks, where) => {
        const shapeOf = (network: Network) => network.shapes.get(network.inputs[0]!)!.join();
        const alike = networks
          .filter((network) => shapeOf(network) === shapeOf(networks[0]!))
          .concat(networks[0]!, networks[0]!)
          .slice(0, where.devices.length);
        const partition = assumePartition(23, alike.length, 'equal');
        check(planNonn(joinStudents('joint', alike, partition, 4), where), where);
      }),
      { numRuns: 100 },
    );
  });
});

/** The tiling with as many fused units as the network allows and no empty tile. */
function possible(network: Network, wanted: { fused: number; rows: number; columns: number }) {
  for (let fused = wanted.fused; fused > 0; fused--) {
    try {
      const [height, width] = network.shapes.get(fusedPrefix(network, fused).output)!;
      const parts = (size: number, count: number) =>
        Math.ceil(size / count) * (count - 1) < size ? count : 1;
      return { fused, rows: parts(height, wanted.rows), columns: parts(width, wanted.columns) };
    } catch {}
  }
  return undefined;
}

function check({ plan, network }: Strategised, { inputType }: Setting): void {
  const before = tf.memory().numTensors;
  const input = inputFor(network, inputType);
  const networks = new Map([[network.id, network]]);
  const { output, trace, kernelsRun } = execute(plan, networks, input, { seed: 7, backend });
  expect(relativeError(output, executeWhole(network, input, { seed: 7, backend }))).toBeLessThanOrEqual(1e-4);
  for (const task of plan.tasks) {
    const counted = task.work.kind === 'kernels' ? task.work.kernels.map(({ key }) => key) : [];
    expect((kernelsRun.get(task.id) ?? []).map(({ key }) => key)).toEqual(counted);
  }
  expect(trace.spans.length).toBe(plan.tasks.length + plan.messages.length);
  expect(tf.memory().numTensors).toBe(before);
}

/** An image whose numbers a byte can hold exactly, so that its journey as bytes loses nothing. */
function inputFor(network: Network, type: 'float32' | 'uint8'): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const stream = randomStream(5, 'image');
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () =>
    type === 'uint8' ? stream.integer(256) / 255 : stream.uniform(),
  );
}
