import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerWhole } from '../../src/kernel/index.js';
import { NetworkBuilder, zooNetwork } from '../../src/network/index.js';
import { assumePartition } from '../../src/partition/index.js';
import { checkPlan, type Plan } from '../../src/plan/index.js';
import {
  joinStudents,
  lastMapFilters,
  planDeepThings,
  planHorizontal,
  planNonn,
  planSingle,
  type Setting,
} from '../../src/strategy/index.js';
import { randomNetwork } from '../support/random-network.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function setting(devices: number, changes: Partial<Setting> = {}): Setting {
  return {
    devices: names.slice(0, devices),
    source: 'a',
    sink: 'a',
    inputAt: 'source',
    inputType: 'uint8',
    ...changes,
  };
}

function macsOf(plan: Plan): number {
  const kernels = plan.tasks.flatMap(({ work }) => (work.kind === 'kernels' ? work.kernels : []));
  return kernels.reduce((sum, kernel) => sum + kernel.macs, 0);
}

function bytesOf(plan: Plan): number[] {
  return plan.messages.map((message) => message.payloadBytes);
}

const anySetting = fc
  .record({
    devices: fc.integer({ min: 1, max: 6 }),
    source: fc.constantFrom(...names),
    sink: fc.constantFrom(...names),
    inputAt: fc.constantFrom('source' as const, 'everyDevice' as const),
    inputType: fc.constantFrom('uint8' as const, 'float32' as const),
  })
  .map(({ devices, ...changes }) => setting(devices, changes));

describe('every strategy', () => {
  it('compiles any network to a sound plan that does all of its work', () => {
    fc.assert(
      fc.property(randomNetwork(), anySetting, (network, where) => {
        const work = lowerWhole(network).kernels.reduce((sum, kernel) => sum + kernel.macs, 0);
        for (const { plan } of [planSingle(network, where), planHorizontal(network, where)]) {
          checkPlan(plan);
          expect(macsOf(plan)).toBe(work);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same plan twice', () => {
    const network = zooNetwork('lenet5');
    expect(planHorizontal(network, setting(3))).toEqual(planHorizontal(network, setting(3)));
  });
});

describe('horizontal', () => {
  const b = new NetworkBuilder('two convolutions');
  const first = b.conv2d(b.input([8, 4, 1]), { filters: 2, kernel: 3, name: 'first' });
  const network = b.build(b.conv2d(first, { filters: 3, kernel: 3, name: 'second' }));

  it('sends strips with their halo, then the rows at the borders, then the strips of the output', () => {
    const { plan } = planHorizontal(network, setting(2));
    // Rows 3..8 of the image (8 bits, 4 columns, 1 channel), one row of 2 channels each way, 4 rows of 3 channels.
    expect(bytesOf(plan)).toEqual([5 * 4, 1 * 4 * 2 * 4, 1 * 4 * 2 * 4, 4 * 4 * 3 * 4]);
  });

  it('gives a device with three times the share three times the rows', () => {
    const { plan } = planHorizontal(network, setting(2), [3, 1]);
    const rows = plan.pieces
      .filter((piece) => piece.layer === 'first' && piece.id.includes('@a'))
      .map((piece) => piece.rows);
    expect(rows).toContainEqual([0, 6]);
  });

  it('splits along the longer edge of the input', () => {
    const wide = new NetworkBuilder('wide');
    const { plan } = planHorizontal(
      wide.build(wide.conv2d(wide.input([4, 8, 1]), { filters: 1, kernel: 1 })),
      setting(2),
    );
    expect(
      plan.pieces.filter((piece) => piece.layer === 'conv1').map((piece) => piece.columns),
    ).toContainEqual([0, 4]);
  });

  it('keeps every weight of a split layer on every device', () => {
    const { plan } = planHorizontal(network, setting(2));
    const bytes = 4 * (3 * 3 * 1 * 2 + 2 + 3 * 3 * 2 * 3 + 3);
    expect(plan.resident.map((resident) => resident.bytes)).toEqual([bytes, bytes]);
  });
});

describe('deepthings', () => {
  const network = zooNetwork('yolov2');

  it('does no redundant work with one tile and more with finer grids', () => {
    const work = (rows: number, columns: number) =>
      macsOf(planDeepThings(network, setting(2), { rows, columns, fused: 16 }).plan);
    const whole = lowerWhole(network).kernels.reduce((sum, kernel) => sum + kernel.macs, 0);
    expect(work(1, 1)).toBe(whole);
    expect(work(2, 2)).toBeGreaterThan(whole);
    expect(work(4, 4)).toBeGreaterThan(work(2, 2));
  });

  it('deals tiles to devices in turn, each a task of its own', () => {
    const { plan } = planDeepThings(network, setting(2), { rows: 2, columns: 2, fused: 16 });
    const tiles = plan.tasks.filter((task) => / tile \d+$/.test(task.id) && task.work.kind === 'kernels');
    expect(tiles.map((task) => task.place)).toEqual(['a', 'b', 'a', 'b'].map((device) => ({ device })));
  });

  it('computes on its own devices only, wherever the output is wanted', () => {
    const { plan } = planDeepThings(network, setting(2, { sink: 'h' }), { rows: 2, columns: 2, fused: 16 });
    const computing = plan.tasks.flatMap(({ work, place }) =>
      work.kind === 'kernels' && 'device' in place ? [place.device] : [],
    );
    expect([...new Set(computing)].sort()).toEqual(['a', 'b']);
    expect(plan.output?.device).toBe('h');
  });

  it('refuses a grid that leaves a tile empty and layers that cannot be fused', () => {
    expect(() => planDeepThings(network, setting(2), { rows: 20, columns: 1, fused: 16 })).toThrow(
      /grid of 20 rows over a map of 38/,
    );
    expect(() =>
      planDeepThings(zooNetwork('wrn-16-1'), setting(2), { rows: 2, columns: 2, fused: 7 }),
    ).toThrow(/found 7 layers to fuse/);
  });
});

describe('nonn', () => {
  const teacher = zooNetwork('wrn-40-4');
  const student = zooNetwork('wrn-16-1');
  const nonn = (students: number, where: Setting) => {
    const partition = assumePartition(lastMapFilters(teacher), students, 'equal');
    return planNonn(joinStudents('nonn', Array(students).fill(student), partition, 10), where);
  };

  it('shares out the 256 filters of the last convolution of WRN-40-4', () => {
    expect(lastMapFilters(teacher)).toBe(256);
  });

  it('sends the image to each other student and back only the means of its filters', () => {
    const { plan } = nonn(4, setting(4));
    expect(bytesOf(plan)).toEqual([...Array(3).fill(32 * 32 * 3), ...Array(3).fill((256 / 4) * 4)]);
  });

  it('sends many times less where every device sees the image itself', () => {
    for (const students of [2, 4, 8]) {
      const sum = (plan: Plan) => plan.messages.reduce((bytes, message) => bytes + message.frameBytes, 0);
      const ratio =
        sum(nonn(students, setting(students)).plan) /
        sum(nonn(students, setting(students, { inputAt: 'everyDevice' })).plan);
      expect(ratio).toBeGreaterThan(5);
      expect(ratio).toBeLessThan(30);
    }
  });

  it('gives each device only its own student', () => {
    const { plan } = nonn(4, setting(4));
    for (const [index, { layers }] of plan.resident.entries()) {
      const foreign = layers.filter((layer) => /^s\d\./.test(layer) && !layer.startsWith(`s${index + 1}.`));
      expect(foreign).toEqual([]);
    }
  });

  it('refuses more students than devices', () => {
    expect(() => nonn(4, setting(2))).toThrow(/found 4 students, expected at most one for each of 2 devices/);
  });

  it('does exactly the work of the joint network, at any source and sink', () => {
    fc.assert(
      fc.property(anySetting, (where) => {
        const { plan, network } = nonn(where.devices.length, where);
        checkPlan(plan);
        expect(macsOf(plan)).toBe(lowerWhole(network).kernels.reduce((sum, kernel) => sum + kernel.macs, 0));
      }),
      { numRuns: 20 },
    );
  });
});
