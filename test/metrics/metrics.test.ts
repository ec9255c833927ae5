import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/explore/index.js';
import { randomStream } from '../../src/foundation/index.js';
import { batchMeansInterval, metricsOf } from '../../src/metrics/index.js';
import { designOf, makeScenario } from '../../src/scenario/index.js';
import { simulate } from '../../src/simulate/index.js';

function quick(arrivals: unknown) {
  return makeScenario(
    {
      networks: { teacher: 'lenet5' },
      cluster: {
        devices: [{ profile: 'raspberry-pi-4b', count: 2, threads: 1 }],
        medium: { kind: 'switched', bandwidth: '100 Mbit/s', latency: '1 ms' },
      },
      workload: { arrivals },
      candidates: [{ strategy: 'single' }, { strategy: 'horizontal', devices: 2 }],
      baseline: 'single-lenet5',
    },
    'x.json',
  );
}

function measure(arrivals: unknown, candidate = 0, warmUp = 0) {
  const scenario = quick(arrivals);
  const { plan } = designOf(scenario, scenario.candidates[candidate]!);
  const trace = simulate(plan, scenario.platform, { arrivals: scenario.workload.arrivals });
  return metricsOf(trace, plan, scenario.platform, { warmUp });
}

describe('metrics', () => {
  const alone = measure('single');

  it('give widely spaced inferences the latency of a single one', () => {
    const spaced = measure({ every: '1 s', count: 10 });
    expect(spaced.latency).toBeCloseTo(alone.latency!, 12);
    expect(spaced.p99).toBeCloseTo(alone.latency!, 12);
    expect(spaced.inferences).toBe(10);
  });

  it('queue inferences that come together: n at once wait (n + 1) / 2 services on average', () => {
    expect(measure({ at: [0, 0, 0] }).latency).toBeCloseTo(2 * alone.latency!, 12);
  });

  it('call a load of more than one second of work a second unstable, and give it no latency', () => {
    const flooded = measure({ every: alone.latency! / 1.1, count: 50 });
    expect(flooded.load).toMatchObject({ unstable: true, of: 'device pi-1' });
    expect(flooded.load.share).toBeCloseTo(1.1, 6);
    expect(flooded.latency).toBeNull();
    expect(measure({ every: alone.latency! / 0.9, count: 50 }).load.share).toBeCloseTo(0.9, 6);
  });

  it('leave out the warm-up', () => {
    expect(measure({ at: [0, 0, 0] }, 0, 2).latency).toBeCloseTo(3 * alone.latency!, 12);
  });

  it('count the energy of periodic work to the next arrival, idle time included', () => {
    const spaced = measure({ every: '1 s', count: 4 });
    expect(spaced.energyPerNode!).toBeGreaterThan(alone.energyPerNode! * 10);
  });

  it('say that a radio or wire of unknown power is not counted once something is sent', () => {
    expect(measure('single', 1).radioCounted).toBe(false);
    expect(measure('single', 1).bytesSent).toBeGreaterThan(0);
  });
});

describe('a cluster of unlike boards', () => {
  it('gives the faster one the larger strip', () => {
    const scenario = makeScenario(
      {
        networks: { teacher: 'wrn-16-1' },
        cluster: {
          devices: [
            { profile: 'raspberry-pi-4b', threads: 4 },
            { profile: 'raspberry-pi-3b-plus', threads: 1 },
          ],
          medium: { kind: 'switched' },
        },
        candidates: [{ strategy: 'horizontal', devices: 2 }],
        baseline: 'horizontal-wrn-16-1-on-2',
      },
      'x.json',
    );
    const { plan } = designOf(scenario, scenario.candidates[0]!);
    const rows = (device: string) => {
      const piece = plan.pieces.find(
        ({ id }) => id.startsWith('group1/block1/relu1') && id.endsWith(`@${device}`),
      )!;
      return piece.rows[1] - piece.rows[0];
    };
    expect(rows('pi-1')).toBeGreaterThan(2 * rows('pi-2'));
  });
});

describe('the batch-means interval', () => {
  it('holds the true mean of independent values in about 95 of 100 runs', () => {
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const stream = randomStream(run, 'interval');
      const [low, high] = batchMeansInterval(Array.from({ length: 400 }, () => stream.exponential(1)))!;
      if (low <= 1 && 1 <= high) held++;
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThan(200);
  });

  it('is not given for a handful of inferences', () => {
    expect(batchMeansInterval([1, 2, 3])).toBeNull();
  });
});

describe('a figure that no source gives', () => {
  const scenario = makeScenario(
    {
      networks: { teacher: 'lenet5' },
      cluster: {
        devices: [{ profile: 'banana-pi-m2-zero', count: 2 }],
        medium: { kind: 'shared', latency: '3 ms', rate: '20 Mbit/s' },
      },
      candidates: [{ strategy: 'single' }, { strategy: 'horizontal', devices: 2 }],
      baseline: 'single-lenet5',
    },
    'x.json',
  );
  const rows = scenario.candidates.map((candidate) => evaluate(scenario, candidate).row);

  it('leaves designs alone that do not need it, and names itself in those that do', () => {
    expect(rows[0]!.latency).toBeGreaterThan(0);
    expect(rows[1]).toMatchObject({ latency: null, energyPerNode: null, feasible: false });
    expect(rows[1]!.violated).toContain('banana-pi-m2-zero: latency.encode.bandwidth, which is unknown');
  });

  it('is told where it is the memory of a board', () => {
    expect(rows[0]!.notes).toContain('whether it fits is unknown');
  });
});
