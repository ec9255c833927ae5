import { describe, expect, it } from 'vitest';
import { fitBatches } from '../../src/calibrate/batch-fit.js';
import { batchSectionOf } from '../../src/calibrate/batch-section.js';
import { sampleKernels } from '../../src/calibrate/index.js';
import {
  type BatchSample,
  batchSizes,
  measureBatches,
  type NetworkBatchSample,
} from '../../src/calibrate/measure-batches.js';
import { fitAmounts } from '../../src/calibrate/work-fit.js';
import { parseProfile } from '../../src/device/index.js';
import { openBackend } from '../../src/runtime/index.js';
import { profileData } from '../device/profile-data.js';

const drawn = sampleKernels(3, { most: 1e8, usual: 1e7 });
const kernels = Array.from({ length: 400 }, () => drawn.next().value).filter(
  ({ family }) => family !== 'gather' && family !== 'dequantise',
);

/** A machine on which a call costs as much as some work, and every further image its multiply-adds and bytes. */
const CALL = 3e-5;
const made: readonly BatchSample[] = kernels.map((kernel) => {
  const image = kernel.macs * 4e-11 + kernel.bytes * 1e-10;
  return { kernel, seconds: batchSizes.map((batch) => CALL + batch * image) };
});

describe('the fit of batches', () => {
  const { families, network } = fitBatches(
    made,
    Array.from({ length: 8 }, (_, index) => {
      const some = made.slice(12 * index, 12 * (index + 1));
      const sums = batchSizes.map((_, at) => some.reduce((sum, { seconds }) => sum + seconds[at]!, 0));
      return {
        kernels: some.map(({ kernel, seconds }) => ({ kernel, seconds: seconds[0]! })),
        // Further images take a quarter longer here than in kernels by themselves.
        seconds: sums.map((sum) => sums[0]! + 1.25 * (sum - sums[0]!)),
      };
    }),
    batchSizes,
    () => undefined,
  );

  it('predicts kernels that it did not see, where the batch times one image is far off', () => {
    for (const family of ['conv3x3', 'conv1x1', 'depthwise3x3', 'elementwise'] as const) {
      const { leftOut } = families.get(family)!;
      expect(leftOut.mean).toBeLessThan(0.1);
      expect(leftOut.proportional).toBeGreaterThan(3 * leftOut.mean);
    }
  });

  it('takes from one image what batches cannot tell apart', () => {
    const rows = [1, 2, 5].map((amount) => ({
      terms: [['read', amount] as const, ['written', amount] as const],
      seconds: 3 * amount,
      known: 0,
    }));
    const { read, written } = fitAmounts(rows, { read: 1, written: 2 });
    expect(read).toBeCloseTo(1, 3);
    expect(written).toBeCloseTo(2, 3);
  });

  it('finds how much longer further images take in whole networks', () => {
    expect(network!.factor).toBeGreaterThan(1.15);
    expect(network!.factor).toBeLessThan(1.35);
    expect(network!.leftOut.mean).toBeLessThan(0.05);
  });

  it('has no family of too few kernels, and nothing of networks without any', () => {
    expect(fitBatches(made.slice(0, 2), [], batchSizes, () => undefined).families.size).toBe(0);
    expect(fitBatches(made, [], batchSizes, () => undefined).network).toBeUndefined();
  });
});

describe('measuring batches on this machine', () => {
  it('times kernels and networks at every batch, one after the other, and a profile takes it', async () => {
    const found: BatchSample[] = [];
    const networks: NetworkBatchSample[] = [];
    const told: unknown[] = [];
    const end = performance.now() + 4000;
    measureBatches({
      seed: 1,
      backend: await openBackend('tfjs-wasm'),
      speed: 1e10,
      secondsLeft: () => (end - performance.now()) / 1000,
      kernels: found,
      networks,
      onKernel: (sample) => told.push(sample),
      onNetwork: (sample) => told.push(sample),
    });
    expect(told).toHaveLength(found.length + networks.length);
    expect(new Set(found.map(({ kernel }) => kernel.key)).size).toBe(found.length);
    expect(networks.map(({ index }) => index)).toEqual(networks.map((_, index) => index));
    for (const { seconds } of [...found, ...networks]) {
      expect(seconds).toHaveLength(batchSizes.length);
      for (const one of seconds) expect(one).toBeGreaterThan(0);
    }
    const data = profileData();
    const measured = { source: 'measured', citation: 'a test', date: '2026-11-24' };
    const fit = fitBatches(made, [], batchSizes, () => undefined);
    data.latency['batch'] = {
      '1': batchSectionOf({ samples: [...made, ...found], networks, fit }, measured),
    };
    const { latency } = parseProfile(JSON.parse(JSON.stringify(data)), 'profile.json');
    expect(latency.batch!['1']!.tables.flatMap(({ rows }) => rows)).toHaveLength(made.length + found.length);
  });
});
