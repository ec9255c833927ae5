import { describe, expect, it } from 'vitest';
import { fitFamilies, predictKernel } from '../../src/calibrate/fit.js';
import { calibrate, calibratedMachine, sampleKernels } from '../../src/calibrate/index.js';
import { kernelCost, latencyFamilies, latencyFamily, parseProfile } from '../../src/device/index.js';
import type { Kernel } from '../../src/kernel/index.js';
import { lowerWhole } from '../../src/kernel/index.js';
import { zooNetwork } from '../../src/network/index.js';

const sizes = { most: 1e9, usual: 1e7 };

function take(count: number, seed: number): readonly Kernel[] {
  const kernels = sampleKernels(seed, sizes);
  return Array.from({ length: count }, () => kernels.next().value);
}

describe('the kernels that calibration measures', () => {
  it('depend on the seed alone, and a longer run sees those of a shorter one first', () => {
    const keys = (count: number, seed: number) => take(count, seed).map(({ key }) => key);
    expect(keys(60, 1).slice(0, 30)).toEqual(keys(30, 1));
    expect(keys(30, 2)).not.toEqual(keys(30, 1));
  });

  it('are all different, of every family, and none larger than asked for', () => {
    const kernels = take(800, 3);
    expect(new Set(kernels.map(({ key }) => key)).size).toBe(800);
    expect(new Set(kernels.map(latencyFamily))).toEqual(new Set(latencyFamilies));
    expect(kernels.every(({ flops }) => flops <= sizes.most)).toBe(true);
  });
});

describe('the fit', () => {
  const speed = { rate: 2e10, bandwidth: 5e9, overhead: 4e-6 };
  const samples = take(1500, 5).map((kernel) => ({
    ...kernel,
    seconds: Math.max(kernel.flops / speed.rate, kernel.bytes / speed.bandwidth) + speed.overhead,
  }));
  const fits = fitFamilies(samples, { seed: 1, budget: 30 });

  it('finds the roofline that made up the times', () => {
    const { base } = fits.get('conv3x3')!;
    expect(base.rate / speed.rate).toBeCloseTo(1, 1);
    const move = fits.get('move')!.base;
    expect(move.bandwidth / speed.bandwidth).toBeCloseTo(1, 1);
  });

  it('predicts kernels that it did not see', () => {
    for (const { leftOut } of fits.values()) {
      const errors = leftOut.map(({ predicted, measured }) => Math.abs(predicted / measured - 1));
      expect(errors.filter((error) => error < 0.1).length / errors.length).toBeGreaterThan(0.9);
    }
  });

  it('gives back the time of a kernel that it saw', () => {
    for (const fit of fits.values())
      for (const kernel of fit.kernels.slice(0, 5))
        expect(predictKernel(fits, kernel)! / kernel.seconds).toBeCloseTo(1, 1);
  });
});

describe('calibration of this machine', () => {
  it('gives a valid profile with a source for every figure, which predicts any network', async () => {
    const progress: number[] = [];
    const { document } = await calibrate({
      budget: 5,
      backend: 'tfjs-wasm',
      name: 'here',
      seed: 1,
      date: '2026-11-24',
      onProgress: ({ kernels }) => progress.push(kernels),
    });
    const profile = parseProfile(JSON.parse(JSON.stringify(document)), 'here.json');
    expect(profile).toMatchObject({ name: 'here', runtime: 'tfjs-wasm', threads: [1] });
    expect(progress.at(-1)).toBe(profile.latency.fit!['1']!.samples);
    expect(profile.latency.kernels!['1']!.samples).toBe(progress.at(-1));
    expect(profile.latency.inference!['1']!.factor).toMatchObject({ value: expect.any(Number) });
    for (const kernel of lowerWhole(zooNetwork('wrn-16-1')).kernels)
      expect(kernelCost(profile, 1, kernel).seconds).toBeGreaterThan(0);
    const { idle } = profile.energy;
    if ('unknown' in idle) expect(idle.unknown).toContain('energy counter');
    else expect(idle.value).toBeGreaterThan(0);
    expect(profile.machine).toEqual(calibratedMachine('tfjs-wasm'));
    expect(profile.link.loopback!.bySize!.bytes.length).toBeGreaterThan(5);
  });

  it('needs some seconds at least', async () => {
    const options = { budget: 1, backend: 'tfjs-wasm', name: 'here', seed: 1, date: '2026-11-24' } as const;
    await expect(calibrate(options)).rejects.toThrow('budget: found 1 s, expected at least 4 s');
  });
});
