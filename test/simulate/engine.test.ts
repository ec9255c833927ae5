import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { type PlanOnPlatform, parsePlanFile } from '../../src/plan/index.js';
import { arrivalSource, compilePlan, play, simulate } from '../../src/simulate/index.js';

type Entry = { id: string; device?: string; flops?: number; after?: string[] };
type Sent = { id: string; from: string; to: string; bytes: number; after?: string[] };

/** Devices a and b of 1 FLOP/s, a link of 1 byte/s and 0.5 s each way: durations can be worked out by hand. */
function small(tasks: readonly Entry[], messages: readonly Sent[] = [], latency = 0.5): PlanOnPlatform {
  return parsePlanFile(
    {
      cluster: {
        devices: [
          { name: 'a', speed: 1 },
          { name: 'b', speed: 1 },
        ],
        links: [{ name: 'wire', bandwidth: 1, latency }],
        routes: [
          { from: 'a', to: 'b', links: ['wire'] },
          { from: 'b', to: 'a', links: ['wire'] },
        ],
      },
      tasks: tasks.map(({ id, device = 'a', flops = 1, after = [] }) => ({ id, device, flops, after })),
      messages: messages.map(({ after = [], ...message }) => ({ ...message, after })),
    },
    'test',
  );
}

function starts({ plan, platform }: PlanOnPlatform, options = {}): [string, number][] {
  return simulate(plan, platform, options).spans.map((span) => [span.of, span.start]);
}

describe('a device', () => {
  it('runs what was ready first, though it stands later in the file', () => {
    // a is busy until 3; "late" (first in the file) is ready at 2, "early" at 1.
    const played = small([
      { id: 'late', after: ['two'] },
      { id: 'busy', flops: 3 },
      { id: 'one', device: 'b', flops: 1 },
      { id: 'two', device: 'b', flops: 1, after: ['one'] },
      { id: 'early', after: ['one'] },
    ]);
    expect(Object.fromEntries(starts(played))).toEqual({ busy: 0, one: 0, two: 1, early: 3, late: 4 });
  });

  it('runs two tasks that become ready at the same moment in the order of the file', () => {
    // At 2, "x" on a and "y" on b end together; y's successor stands first in the file.
    const played = small([
      { id: 'afterY', after: ['y'] },
      { id: 'afterX', after: ['x'] },
      { id: 'x', flops: 2 },
      { id: 'y', device: 'b', flops: 2 },
    ]);
    expect(Object.fromEntries(starts(played))).toEqual({ x: 0, y: 0, afterY: 2, afterX: 3 });
  });

  it('runs the earlier inference first when both are ready at the same moment', () => {
    // Two arrivals at 0: first, then second of each inference; ready at 0, 0 and, after each first, 1 and 2.
    const played = small([{ id: 'second', after: ['first'] }, { id: 'first' }]);
    const { spans } = simulate(played.plan, played.platform, { arrivals: { at: [0, 0] } });
    const at = spans.map(({ of, inference, start }) => [start, of, inference]).sort();
    expect(at).toEqual([
      [0, 'first', 0],
      [1, 'first', 1],
      [2, 'second', 0],
      [3, 'second', 1],
    ]);
  });

  it('lets a message that stays on it take no time', () => {
    const played = small(
      [{ id: 'first' }, { id: 'other', after: ['first'] }, { id: 'zero', after: ['stay'] }],
      [{ id: 'stay', from: 'a', to: 'a', bytes: 1e9, after: ['first'] }],
    );
    expect(Object.fromEntries(starts(played))).toEqual({ first: 0, stay: 1, other: 1, zero: 2 });
  });

  it('passes through any number of tasks without duration at one moment', () => {
    const chain = Array.from({ length: 2000 }, (_, index) => ({
      id: `t${index}`,
      flops: 0,
      after: index === 0 ? [] : [`t${index - 1}`],
    }));
    const { plan, platform } = small(chain);
    expect(simulate(plan, platform).finishes).toEqual([0]);
  });
});

describe('a link', () => {
  it('is shared by two messages from the moment at which the second flows', () => {
    // m1 flows alone 0.5..2.5 (2 of 4 bytes), then both at 1/2 until m2 (1 byte) ends at 4.5; m1 ends at 5.5.
    const { plan, platform } = small(
      [{ id: 'wait', device: 'b', flops: 2 }],
      [
        { id: 'm1', from: 'a', to: 'b', bytes: 4 },
        { id: 'm2', from: 'b', to: 'a', bytes: 1, after: ['wait'] },
      ],
    );
    const transfers = simulate(plan, platform).spans.filter(({ state }) => state === 'transfer');
    expect(transfers.map(({ of, start, finish }) => [of, start, finish])).toEqual([
      ['m1', 0.5, 5.5],
      ['m2', 2.5, 4.5],
    ]);
  });

  it('carries a message without bytes after its latency', () => {
    const { plan, platform } = small([], [{ id: 'm', from: 'a', to: 'b', bytes: 0 }]);
    expect(simulate(plan, platform).finishes).toEqual([0.5]);
  });
});

describe('arrivals', () => {
  it('play the plan once each, and a periodic plan that keeps up takes as long each time', () => {
    const { plan, platform } = small([{ id: 't' }]);
    const trace = simulate(plan, platform, { arrivals: { every: 2, count: 4 } });
    expect(trace.arrivals).toEqual([0, 2, 4, 6]);
    expect(trace.finishes).toEqual([1, 3, 5, 7]);
  });

  it('that come faster than the device works queue up', () => {
    const { plan, platform } = small([{ id: 't' }]);
    const trace = simulate(plan, platform, { arrivals: { at: [0, 0.25, 0.5] } });
    expect(trace.finishes).toEqual([1, 2, 3]);
  });

  it('of a Poisson process depend on the seed only', () => {
    const { plan, platform } = small([{ id: 't' }]);
    const slow = small([{ id: 't', flops: 100 }]);
    const arrivals = { poisson: 2, count: 50 };
    const first = simulate(plan, platform, { arrivals, seed: 7 }).arrivals;
    expect(simulate(slow.plan, slow.platform, { arrivals, seed: 7 }).arrivals).toEqual(first);
    expect(simulate(plan, platform, { arrivals, seed: 8 }).arrivals).not.toEqual(first);
  });

  it.each([
    [{ at: [1, 0] }, 'arrivals.at[1]: found 0'],
    [{ every: 0, count: 3 }, 'arrivals.every: found 0'],
    [{ poisson: -2, count: 3 }, 'arrivals.poisson: found -2'],
    [{ every: 1, count: -1 }, 'arrivals.count: found -1'],
  ])('refuse %j in a sentence', (arrivals, message) => {
    const { plan, platform } = small([{ id: 't' }]);
    expect(() => simulate(plan, platform, { arrivals })).toThrow(message);
  });
});

describe('an M/M/1 queue through the engine', () => {
  it('has the mean time in the system of the theory, 1 / (1 - 0.8) = 5', () => {
    const { plan, platform } = small([{ id: 'serve' }]);
    const compiled = compilePlan(plan, platform);
    const means = Array.from({ length: 30 }, (_, seed) => {
      const service = randomStream(seed, 'service');
      const customers = 20_000;
      let sojourn = 0;
      const { events } = play(compiled, {
        arrivals: arrivalSource({ poisson: 0.8, count: customers }, seed),
        duration: () => service.exponential(1),
        onFinish: (_inference, arrival, finish) => {
          sojourn += finish - arrival;
        },
      });
      expect(events).toBe(2 * customers);
      return sojourn / customers;
    });
    const mean = means.reduce((sum, value) => sum + value) / means.length;
    const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (means.length - 1);
    // Four standard errors; the seeds are fixed, so this either holds or the queue is wrong.
    expect(Math.abs(mean - 5)).toBeLessThan(4 * Math.sqrt(variance / means.length));
    expect(Math.sqrt(variance / means.length)).toBeLessThan(0.1);
  });
});

describe('what cannot be played', () => {
  it('is a duration without end, named by its task', () => {
    const { plan, platform } = small([{ id: 'huge', flops: 1e20 }]);
    const slow = {
      ...platform,
      costs: { ...platform.costs, task: () => ({ ...zero, seconds: Number.NaN }) },
    };
    expect(() => simulate(plan, slow)).toThrow('huge: found a duration of NaN s');
  });

  it('is a plan with a pool', () => {
    const { plan, platform } = small([{ id: 't' }]);
    const pools = [{ id: 'tiles', coordinator: 'a', thieves: ['b'], requestBytes: 1 }];
    expect(() => simulate({ ...plan, pools }, platform)).toThrow('found the pool "tiles"');
  });

  it('is a plan on a device that the cluster lacks', () => {
    const { plan, platform } = small([{ id: 't' }]);
    const fewer = { ...platform, devices: platform.devices.slice(0, 1) };
    expect(() => simulate(plan, fewer)).toThrow('devices[1]: found "b", expected a device of the cluster');
  });
});

const zero = { seconds: 0, low: 0, high: 0, source: 'given' as const };

describe('the cost of a task', () => {
  it('is asked for with the bytes that all kernels of its device move', () => {
    const { plan, platform } = small([{ id: 'a' }, { id: 'b' }]);
    const kernel = (bytes: number) => ({
      key: `add ${bytes}`,
      family: 'add',
      layers: ['x'],
      shape: {},
      macs: 0,
      flops: 0,
      bytes,
    });
    const tasks = plan.tasks.map((task, index) => ({
      ...task,
      work: { kind: 'kernels' as const, kernels: [kernel(100), kernel(10 ** index)] },
    }));
    const asked: unknown[] = [];
    simulate(
      { ...plan, tasks },
      {
        ...platform,
        costs: {
          ...platform.costs,
          task: (_work, device, moved) => {
            asked.push([device, moved]);
            return zero;
          },
        },
      },
    );
    const [device] = plan.devices;
    expect(asked).toEqual([
      [device, 211],
      [device, 211],
    ]);
  });
});
