import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleKernels } from '../../src/calibrate/index.js';
import {
  batchFamilyModel,
  batchKernelCost,
  batchSeconds,
  batchTerms,
  explainProfile,
  kernelCost,
  latencyFamilies,
  latencyFamily,
  loadProfile,
  parseProfile,
  predictBatch,
  predictNetwork,
  tablesOf,
} from '../../src/device/index.js';
import { foldedWeightBytes, type Kernel, lowerWhole } from '../../src/kernel/index.js';
import { zooNetwork } from '../../src/network/index.js';
import { kernelOf } from './kernels.js';
import { profileData } from './profile-data.js';

const source = { source: 'measured', citation: 'a test', date: '2026-11-24' };
const sizes = [1, 2, 4, 8, 16];
const leftOut = { count: 8, median: 0.05, mean: 0.06, worst: 0.2, spread: 0.08, proportional: 0.9 };
const batches = fc.integer({ min: 1, max: 300 });

const drawn = sampleKernels(1, { most: 1e8, usual: 1e7 });
/** What a network may have, not pieces of one image. */
const kernels: readonly Kernel[] = [
  ...Array.from({ length: 300 }, () => drawn.next().value).filter(
    ({ family }) => family !== 'gather' && family !== 'dequantise',
  ),
  ...lowerWhole(zooNetwork('lenet5')).kernels,
];

/** A profile whose batches take so many seconds for each kind of work, measured on the kernels above. */
function batchData(perWork = 1e-10, changed: object = {}) {
  const data = profileData();
  const families = latencyFamilies.flatMap((family) => {
    const ofFamily = kernels.filter((kernel) => latencyFamily(kernel) === family);
    const names = ofFamily.flatMap((kernel) => batchTerms(kernel, 2, 1).map(([name]) => name));
    const work = Object.fromEntries(names.map((name) => [name, name === 'second' ? 0.5 : perWork]));
    return ofFamily.length === 0 ? [] : [[family, { work, call: 1e-5, longest: 1.2, leftOut }] as const];
  });
  data.latency['batch'] = {
    '1': {
      sizes,
      families: Object.fromEntries(families),
      network: { factor: 1.1, leftOut },
      tables: tablesOf(kernels.map((kernel) => ({ ...kernel, times: sizes.map((size) => size * 1e-4) }))),
      networks: ['0 1e-3 2e-3 4e-3 8e-3 16e-3'],
      ...source,
      ...changed,
    },
  };
  return data;
}

const profile = parseProfile(batchData(), 'profile.json');
const network = zooNetwork('lenet5');

describe('what more images are to do', () => {
  it('is nothing for one image, and never less for a larger batch', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kernels), batches, (kernel, batch) => {
        for (const [, amount] of batchTerms(kernel, 1, 1e-3)) expect(amount).toBe(0);
        const more = new Map(batchTerms(kernel, batch + 1, 1e-3));
        for (const [name, amount] of batchTerms(kernel, batch, 1e-3)) {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(more.get(name)).toBeGreaterThanOrEqual(amount);
        }
      }),
    );
  });

  it('leaves out what is done once: calls, and weights that are read', () => {
    const [conv] = lowerWhole(zooNetwork('wrn-16-1')).kernels;
    const names = batchTerms(conv!, 4, 0).map(([name]) => name);
    expect(names).toContain('multiply-add');
    for (const once of ['call', 'group', 'weight', 'padding']) expect(names).not.toContain(once);
  });

  it('is once more the multiply-adds of one image for each further one', () => {
    const [conv] = lowerWhole(zooNetwork('wrn-16-1')).kernels;
    expect(new Map(batchTerms(conv!, 5, 0)).get('multiply-add')).toBe(4 * conv!.macs);
  });
});

describe('the time of a kernel for a batch', () => {
  it('is that of one image for one, never less, never less than for a smaller batch, and never absurd', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kernels),
        batches,
        fc.double({ min: 0, max: 1e-7, noNaN: true }),
        (kernel, batch, perWork) => {
          const found = parseProfile(batchData(perWork), 'profile.json');
          const one = kernelCost(found, 1, kernel);
          expect(batchKernelCost(found, 1, kernel, 1)).toEqual(one);
          const cost = batchKernelCost(found, 1, kernel, batch);
          expect(cost.seconds).toBeGreaterThanOrEqual(one.seconds);
          expect(cost.seconds).toBeLessThanOrEqual(1.2 * batch * one.seconds * (1 + 1e-12));
          const more = batchKernelCost(found, 1, kernel, batch + 1);
          expect(more.seconds).toBeGreaterThanOrEqual(cost.seconds);
          expect(cost.low).toBeLessThanOrEqual(cost.seconds);
          expect(cost.high).toBeGreaterThanOrEqual(cost.seconds);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is extrapolated beyond the measured batches, and for operators that were not measured', () => {
    const kernel = { ...kernels[0]!, family: 'erosion', key: 'erosion' };
    expect(batchKernelCost(profile, 1, kernel, 2).source).toBe('extrapolated');
    const conv = kernels.find((one) => latencyFamily(one) === 'conv')!;
    expect(batchKernelCost(profile, 1, conv, 16).source).toBe('predicted');
    expect(batchKernelCost(profile, 1, conv, 17).source).toBe('extrapolated');
  });

  it('grows by what one image takes beyond a call where nothing else is known', () => {
    const unknown = { ...kernels[0]!, family: 'erosion', key: 'erosion' };
    const one = kernelCost(profile, 1, unknown).seconds;
    const four = batchKernelCost(profile, 1, unknown, 4).seconds;
    expect(four / (one + 3 * (one - 1e-5))).toBeCloseTo(1, 12);
  });
});

describe('an operator that no batch was measured of', () => {
  const resize = kernelOf('resize', 0, 8e4, { height: 10, width: 10, channels: 100, bilinear: 0 });
  const fit = { work: { second: 0 }, call: 1e-5, longest: 2 };
  const model = (expected: Readonly<Record<string, number>>) =>
    batchFamilyModel(fit, [kernelOf('concat', 0, 1e5)], 16, expected);

  it('has what one image told of its work', () => {
    // 80,000 bytes more for each of three images.
    const told = model({ 'resize: call': 1e-5, 'resize: byte': 1e-9 });
    expect(batchSeconds(told, resize, 1e-4, 4)).toBeCloseTo(1e-4 + 3 * 8e-5, 12);
  });

  it('takes as long again as one image beyond a call where that told nothing', () => {
    expect(batchSeconds(model({}), resize, 1e-4, 4)).toBeCloseTo(1e-4 + 3 * 9e-5, 12);
  });
});

describe('the prediction of a network for a batch', () => {
  const one = predictNetwork(profile, 1, network);

  it('is that of one image for one', () => {
    const { batch, latencyPerImage, throughput, ...rest } = predictBatch(profile, 1, network, 1);
    expect(rest).toEqual(one);
    expect({ batch, latencyPerImage }).toEqual({ batch: 1, latencyPerImage: one.latency });
    expect(throughput * one.latency).toBeCloseTo(1, 12);
  });

  it('tells latency, interval, energy and throughput of the batch, and the layers add up', () => {
    const found = predictBatch(profile, 1, network, 8);
    expect(found.latency).toBeGreaterThan(one.latency);
    expect(found.low).toBeLessThan(found.latency);
    expect(found.high).toBeGreaterThan(found.latency);
    expect(found.latencyPerImage).toBe(found.latency / 8);
    expect(found.throughput).toBe(8 / found.latency);
    expect(found.energy! / (3 * found.latency)).toBeCloseTo(1, 12);
    const layers = found.layers.reduce((sum, { latency }) => sum + latency, 0);
    expect(layers / found.latency).toBeCloseTo(1, 12);
    expect(found).not.toHaveProperty('firstInference');
  });

  it('has the activations of every image, and the weights once', () => {
    const weights = foldedWeightBytes(network);
    const found = predictBatch(profile, 1, network, 5);
    expect(found.tensorMemory).toBe(weights + 5 * (one.tensorMemory - weights));
    expect(found.peakMemory).toBe(one.peakMemory + 4 * (one.tensorMemory - weights));
  });

  it('says which share of the latency is extrapolated: all of it beyond the measured batches', () => {
    expect(predictBatch(profile, 1, network, 16).extrapolated).toBeLessThan(1);
    expect(predictBatch(profile, 1, network, 17).extrapolated).toBeCloseTo(1, 12);
  });

  it('is refused in a sentence by a profile of published figures, and for what is no number of images', () => {
    expect(() => predictBatch(loadProfile('raspberry-pi-4b'), 4, network, 4)).toThrow(
      'profile raspberry-pi-4b: latency.batch.4: found nothing measured of batches, only of one image, expected a profile of "nonn calibrate" of 30 s or more',
    );
    for (const batch of [0, 1.5, -1, Number.NaN])
      expect(() => predictBatch(profile, 1, network, batch)).toThrow(
        `batch: found ${batch}, expected a whole number of images from 1`,
      );
  });
});

describe('batches in a profile', () => {
  it('are explained, each figure with its source', () => {
    const rows = explainProfile(profile).filter(({ path }) => path.startsWith('latency.batch'));
    expect(rows.map(({ path }) => path)).toContain('latency.batch.1.families.conv.work.multiply-add');
    expect(rows.every(({ source }) => source === 'measured')).toBe(true);
  });

  it.each<[string, object, string]>([
    [
      'batches that do not begin at one',
      { sizes: [2, 4] },
      'latency.batch.1.sizes: found [2,4], expected batches in ascending order, from 1',
    ],
    [
      'a row that is too short',
      { tables: [{ operator: 'add', fields: [], rows: ['1 2 1e-3'] }] },
      'latency.batch.1.tables[0].rows[0]: found "1 2 1e-3", expected 7 numbers',
    ],
    ['a network of no seconds', { networks: ['0 1 2 3 4 0'] }, 'latency.batch.1.networks[0]: found'],
    ['a factor of nothing', { network: { factor: 0, leftOut } }, 'latency.batch.1.network.factor: found 0'],
    ['a missing field', { sizes: undefined }, 'latency.batch.1.sizes: found'],
  ])('with %s are refused in a sentence', (_, changed, sentence) => {
    expect(() => parseProfile(batchData(1e-10, changed), 'profile.json')).toThrow(sentence);
  });

  it('may be of the threads of the profile only', () => {
    const data = batchData();
    const { '1': section } = data.latency['batch'] as Record<string, object>;
    data.latency['batch'] = { '2': section };
    expect(() => parseProfile(data, 'profile.json')).toThrow(
      'latency.batch.2: found 2 threads, expected one of "threads" (1)',
    );
  });
});
