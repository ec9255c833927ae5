import { describe, expect, it } from 'vitest';
import { compareRows, type LoneRow, pick } from '../../src/explore/index.js';

function row(id: string, strategy: string, values: Partial<LoneRow> = {}): LoneRow {
  return {
    id,
    strategy,
    network: 'n',
    devices: 1,
    students: 0,
    parameters: 1,
    latency: 1,
    latencyLow: 1,
    latencyHigh: 1,
    p50: 1,
    p95: 1,
    p99: 1,
    energyPerNode: 1,
    energyMean: 1,
    energyMissing: null,
    memoryPerNode: 1,
    bytesSent: 0,
    bytesOnAir: 0,
    accuracy: null,
    accuracySource: 'not trained',
    utilisation: 1,
    inputAt: 'source',
    partition: '',
    durations: 'predicted',
    profiles: 'p',
    fitError: null,
    extrapolated: 0,
    feasible: true,
    violated: '',
    fits: true,
    notes: '',
    scenarioHash: '0',
    profileHash: '0',
    networkHash: '0',
    engineVersion: '1',
    ...values,
  };
}

describe('speed-ups', () => {
  it('count from the baseline, even where it breaks a budget', () => {
    const rows = compareRows(
      [row('base', 'single', { latency: 6, feasible: false }), row('x', 'nonn', { latency: 2 })],
      'base',
      ['latency'],
    );
    expect(rows[1]!.speedup).toBe(3);
    expect(rows[1]!.speedupOverSingle).toBeNull();
  });

  it('are null over a baseline that does not fit into memory, which never ran', () => {
    const rows = compareRows(
      [row('base', 'single', { latency: 6, feasible: false, fits: false }), row('x', 'nonn')],
      'base',
      ['latency'],
    );
    expect(rows.map((r) => r.speedup)).toEqual([null, null]);
  });

  it('count from the fastest feasible design of each family', () => {
    const rows = compareRows(
      [
        row('s1', 'single', { latency: 4 }),
        row('s2', 'single', { latency: 3 }),
        row('h1', 'horizontal', { latency: 1, feasible: false }),
        row('d1', 'deepthings', { latency: 8 }),
        row('x', 'nonn', { latency: 2 }),
      ],
      's1',
      ['latency'],
    );
    expect(rows[4]).toMatchObject({
      speedup: 2,
      speedupOverSingle: 1.5,
      speedupOverHorizontal: null,
      speedupOverDeepThings: 4,
    });
  });
});

describe('the pick', () => {
  const objectives = ['latency', 'energyPerNode', 'memoryPerNode'] as const;
  const rows = compareRows(
    [
      row('fast', 'single', { latency: 1, energyPerNode: 10, memoryPerNode: 100 }),
      row('balanced', 'single', { latency: 2, energyPerNode: 2, memoryPerNode: 20 }),
      row('small', 'single', { latency: 10, energyPerNode: 1, memoryPerNode: 10 }),
      row('dominated', 'single', { latency: 11, energyPerNode: 11, memoryPerNode: 110 }),
      row('too large', 'single', { latency: 0.1, energyPerNode: 0.1, memoryPerNode: 1, feasible: false }),
    ],
    'fast',
    objectives,
  );

  it('comes from the front of the feasible designs', () => {
    expect(rows.filter((r) => r.front).map((r) => r.id)).toEqual(['fast', 'balanced', 'small']);
  });

  it('is the design nearest to the ideal corner, or the smallest of one metric', () => {
    expect(pick(rows, objectives, 'knee')?.id).toBe('balanced');
    expect(pick(rows, objectives, 'min-latency')?.id).toBe('fast');
    expect(pick(rows, objectives, 'min-energy')?.id).toBe('small');
    expect(pick(rows, objectives, 'min-memory')?.id).toBe('small');
  });

  it('is null where nobody knows the metric that it is to be smallest in', () => {
    const unknown = compareRows([row('x', 'single', { energyPerNode: null })], 'x', objectives);
    expect(pick(unknown, objectives, 'min-energy')).toBeNull();
    expect(pick(unknown, objectives, 'min-latency')?.id).toBe('x');
  });

  it('is null where nothing is feasible', () => {
    expect(
      pick(compareRows([row('x', 'single', { feasible: false })], 'x', objectives), objectives, 'knee'),
    ).toBeNull();
  });
});
