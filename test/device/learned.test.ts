import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kernelCost,
  kernelTables,
  learnedFamily,
  learnedSeconds,
  type MeasuredKernel,
  measuredKernels,
  parseProfile,
  predictNetwork,
  workCost,
  workSeconds,
  workShare,
} from '../../src/device/index.js';
import { type Kernel, lowerWhole } from '../../src/kernel/index.js';
import { NetworkBuilder, zooNetwork } from '../../src/network/index.js';
import { profileData } from './profile-data.js';

const source = { source: 'measured' as const, citation: 'a test', date: '2026-11-24' };
const work = { call: 2e-6, 'multiply-add': 5e-11 };

function convolution(side: number, channels: number, filters: number, activation: 'relu' | 'elu' = 'relu') {
  const b = new NetworkBuilder('one');
  const x = b.conv2d(b.input([side, side, channels]), { filters, kernel: 5 });
  return lowerWhole(b.build(b.activation(x, activation))).kernels[0]!;
}

/** Kernels whose time differs from their work's by a factor that grows with the channels. */
const sampled: readonly (Kernel & MeasuredKernel)[] = [4, 8, 16, 32].flatMap((side) =>
  [8, 16, 32, 64].flatMap((channels) =>
    [8, 32, 128].map((filters) => {
      const kernel = convolution(side, channels, filters);
      return { ...kernel, seconds: workSeconds(work, kernel) * (1 + Math.log2(channels) / 10) };
    }),
  ),
);

function learnedData(changed: object = {}) {
  const data = profileData();
  data.latency['learned'] = {
    '1': {
      conv: {
        work,
        features: ['pixels', 'channels', 'outputs'],
        lengths: [6, 4, 6],
        signal: 0.1,
        noise: 1e-6,
        neighbours: 24,
        ...source,
        ...changed,
      },
    },
  };
  const twice = sampled.map((kernel) => ({ ...kernel, first: kernel.seconds, second: 2 * kernel.seconds }));
  data.latency['kernels'] = { '1': { tables: kernelTables(twice), ...source } };
  return data;
}

const profile = parseProfile(learnedData(), 'profile.json');
const base = parseProfile(profileData(), 'profile.json');

describe('what a profile learned from measured kernels', () => {
  it('gives a measured kernel its time back', () => {
    for (const kernel of sampled) {
      const cost = kernelCost(profile, 1, kernel);
      expect(cost.seconds / kernel.seconds).toBeCloseTo(1, 2);
      expect(cost.source).toBe('predicted');
    }
  });

  it('tells kernels between measured ones, whose time it never saw', () => {
    for (const [side, channels, filters] of [
      [12, 24, 64],
      [6, 12, 16],
      [28, 48, 100],
    ] as const) {
      const kernel = convolution(side, channels, filters);
      const expected = workSeconds(work, kernel) * (1 + Math.log2(channels) / 10);
      expect(kernelCost(profile, 1, kernel).seconds / expected).toBeCloseTo(1, 1);
    }
  });

  it('is not asked outside what was measured: there the base answers, extrapolated', () => {
    for (const kernel of [convolution(64, 16, 16), convolution(8, 512, 8), convolution(8, 16, 16, 'elu')]) {
      expect(kernelCost(profile, 1, kernel).seconds).toBe(kernelCost(base, 1, kernel).seconds);
      expect(kernelCost(profile, 1, kernel).source).toBe('extrapolated');
    }
  });

  it('is asked about rows cut out of bytes of any size, as these are a view', () => {
    const cut = (height: number, elementBytes: 1 | 4) => ({
      family: 'gather',
      shape: { height, width: 9, channels: 3, parts: 1, elementBytes },
      flops: 0,
      bytes: 2 * height * 27 * elementBytes,
    });
    const move = {
      work: { 'cut of bytes: call': 4e-8, 'cut: call': 5e-6 },
      features: ['bytes', 'elementBytes'],
    };
    const learned = { ...move, lengths: [2, 0.1], signal: 0.1, noise: 1e-3, neighbours: 9, ...source };
    const known = [1, 4].flatMap((elementBytes) =>
      [4, 5, 6, 7, 8, 9].map((height) => ({
        ...cut(height, elementBytes as 1 | 4),
        seconds: elementBytes === 1 ? 4e-8 : 5e-6,
      })),
    );
    const family = learnedFamily(learned, known);
    expect(learnedSeconds(family, cut(40, 1))! / 4e-8).toBeCloseTo(1, 1);
    expect(learnedSeconds(family, cut(40, 4))).toBeNull();
  });

  it('never takes less time for more work outside what was measured', () => {
    const size = fc.integer({ min: 33, max: 200 });
    const more = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(size, more, more, more, (side, rows, channels, filters) => {
        const small = kernelCost(profile, 1, convolution(side, 65, 129));
        const large = kernelCost(profile, 1, convolution(side + rows, 65 + channels, 129 + filters));
        expect(large.source).toBe('extrapolated');
        expect(large.seconds).toBeGreaterThanOrEqual(small.seconds);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its raw measurements in the profile, and the smaller of two counts', () => {
    const kept = measuredKernels(profile, 1).get('conv')!;
    expect(kept.map(({ shape }) => shape)).toEqual(sampled.map(({ shape }) => shape));
    expect(kept.map(({ flops, bytes }) => [flops, bytes])).toEqual(
      sampled.map(({ flops, bytes }) => [flops, bytes]),
    );
    for (const [index, { seconds }] of kept.entries())
      expect(seconds / sampled[index]!.seconds).toBeCloseTo(1, 3);
  });

  it('must have a length for each feature', () => {
    expect(() => parseProfile(learnedData({ lengths: [1, 2] }), 'profile.json')).toThrow(
      'latency.learned.1.conv.lengths: found 2 lengths, expected one a feature (3)',
    );
  });

  const part = { of: 'compute', features: ['channels'], lengths: [4], signal: 0.2 };

  it('weighs what a part is off by with its share of the time', () => {
    const withPart = parseProfile(learnedData({ signal: 1e-12, parts: [part] }), 'profile.json');
    // The whole may not vary at all: what is left between measured kernels is the part's.
    for (const kernel of sampled) {
      const share = workShare('compute', work, kernel);
      const factor = kernelCost(withPart, 1, kernel).seconds / workSeconds(work, kernel);
      if (share > 0.98) expect((factor * workSeconds(work, kernel)) / kernel.seconds).toBeCloseTo(1, 1);
      if (share < 0.01) expect(factor).toBeLessThan(1.05);
    }
  });

  it('must have known parts, with a length for each feature of the measured kernels', () => {
    const parse = (changed: object) => () =>
      parseProfile(learnedData({ parts: [{ ...part, ...changed }] }), 'p.json');
    expect(parse({ of: 'luck' })).toThrow('latency.learned.1.conv.parts[0].of: found "luck"');
    expect(parse({ lengths: [1, 2] })).toThrow(
      'latency.learned.1.conv.parts[0].lengths: found 2 lengths, expected one a feature (1)',
    );
    expect(parse({ features: ['colour'] })).toThrow(
      'latency.learned.1.conv.parts[0].features: found "colour", expected features of the measured kernels',
    );
  });

  it('must name work that the measured kernels of its family do', () => {
    expect(() =>
      parseProfile(learnedData({ work: { ...work, 'multiply-add, tiles of 5x9': 1e-12 } }), 'p.json'),
    ).toThrow(
      'latency.learned.1.conv.work: found "multiply-add, tiles of 5x9", expected kinds of work that the measured kernels of this family do',
    );
  });

  it('must have whole rows of numbers', () => {
    const data = learnedData();
    data.latency['kernels'] = {
      '1': {
        tables: [{ operator: 'dense', fields: ['inputs', 'units'], rows: ['8 8 128 9 1e-5'] }],
        ...source,
      },
    };
    expect(() => parseProfile(data, 'profile.json')).toThrow(
      'latency.kernels.1.tables[0].rows[0]: found "8 8 128 9 1e-5", expected 6 numbers from 0 on, the last two of them seconds above 0',
    );
  });
});

describe('what an inference takes beside its kernels', () => {
  const known = (value: number) => ({ value, ...source });
  const data = profileData();
  data.latency['inference'] = {
    '1': {
      factor: known(1.1),
      perKernel: known(1e-6),
      perInference: known(3e-5),
      cold: { perKernel: known(1e-4), perWeightByte: known(1e-9) },
    },
  };
  const counted = parseProfile(data, 'profile.json');
  const network = zooNetwork('wrn-16-1');
  const { kernels } = lowerWhole(network);
  const alone = kernels.reduce((sum, kernel) => sum + kernelCost(base, 1, kernel).seconds, 0);

  it('is in the time of a network, and that of each kernel in its layer', () => {
    const { latency, layers } = predictNetwork(counted, 1, network);
    expect(latency).toBeCloseTo(1.1 * alone + kernels.length * 1e-6 + 3e-5, 9);
    expect(layers.reduce((sum, layer) => sum + layer.latency, 3e-5)).toBeCloseTo(latency, 9);
  });

  it('is in the time of a task, which is no whole inference', () => {
    const cost = workCost(counted, 1, { kind: 'kernels', kernels });
    expect(cost.seconds).toBeCloseTo(1.1 * alone + kernels.length * 1e-6, 9);
  });

  it('makes the first inference longer by its weights', () => {
    const { latency, firstInference } = predictNetwork(counted, 1, network);
    expect(firstInference).toBeGreaterThan(latency + kernels.length * 1e-4);
    expect(predictNetwork(base, 1, network).firstInference).toBeUndefined();
  });
});
