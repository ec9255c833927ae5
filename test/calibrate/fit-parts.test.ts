import { describe, expect, it } from 'vitest';
import { fitField } from '../../src/calibrate/field-fit.js';
import { sampleKernels } from '../../src/calibrate/index.js';
import { fitInference } from '../../src/calibrate/inference-fit.js';
import { kernelNear } from '../../src/calibrate/kernel-near.js';
import { fitWork } from '../../src/calibrate/work-fit.js';
import { latencyFamily, workSeconds } from '../../src/device/index.js';
import { randomStream } from '../../src/foundation/index.js';

function take(count: number, seed: number) {
  const kernels = sampleKernels(seed, { most: 1e9, usual: 1e7 });
  return Array.from({ length: count }, () => kernels.next().value);
}

describe('the fit of what each kind of work takes', () => {
  it('finds the seconds that made up the times of kernels, whatever a few odd ones say', () => {
    const made = { call: 3e-6, 'multiply-add, tiles of 4x8': 4e-11, output: 1e-9 };
    const kernels = take(1500, 1)
      .filter((kernel) => latencyFamily(kernel) === 'conv3x3')
      .map((kernel, index) => ({
        ...kernel,
        seconds: workSeconds(made, kernel) * (index % 40 === 0 ? 3 : 1),
      }));
    const found = fitWork(kernels);
    const errors = kernels.map((kernel) => workSeconds(found, kernel) / workSeconds(made, kernel) - 1);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.05);
  });
});

describe('the fit of how far a field reaches', () => {
  it('finds a coordinate that matters shorter than one that does not', () => {
    const draw = randomStream(1, 'test');
    const points = Array.from({ length: 120 }, () => [4 * draw.uniform(), 4 * draw.uniform(), 1]);
    const values = points.map(([x]) => 0.3 * Math.sin(2 * x!) + 0.01 * (draw.uniform() - 0.5));
    const { lengths, signal, noise } = fitField(points, values);
    expect(lengths[1]! / lengths[0]!).toBeGreaterThan(3);
    expect(lengths[2]).toBeGreaterThan(1e3);
    expect(noise).toBeLessThan(signal / 100);
  });
});

describe('the fit of what an inference takes beside its kernels', () => {
  const networks = Array.from({ length: 12 }, (_, index) => {
    const [kernels, kernelSeconds, weightBytes] = [
      10 + 3 * index,
      1e-3 * (1 + ((5 * index) % 7)),
      1e5 * index,
    ];
    const seconds = 1.04 * kernelSeconds + 2e-6 * kernels + 4e-5;
    return {
      kernels,
      kernelSeconds,
      weightBytes,
      seconds,
      cold: seconds + 1e-4 * kernels + 2e-9 * weightBytes,
    };
  });

  it('finds factor and overheads that made up the times', () => {
    const { factor, perKernel, perInference, cold, leftOut } = fitInference(networks);
    expect(Math.abs(factor - 1.04)).toBeLessThan(0.02);
    expect(perKernel / 2e-6).toBeCloseTo(1, 0);
    expect(perInference / 4e-5).toBeCloseTo(1, 0);
    expect(cold.perKernel / 1e-4).toBeCloseTo(1, 1);
    expect(cold.perWeightByte / 2e-9).toBeCloseTo(1, 1);
    expect(Math.max(...leftOut.map(Math.abs))).toBeLessThan(0.02);
  });

  it('expects a factor of one where a single network tells little', () => {
    const [network] = networks;
    const { factor, perKernel, perInference } = fitInference([
      { ...network!, seconds: network!.kernelSeconds },
    ]);
    expect(factor).toBeCloseTo(1, 2);
    expect(perKernel).toBeLessThan(1e-7);
    expect(perInference).toBeLessThan(1e-6);
  });
});

describe('kernels like those that were predicted poorly', () => {
  it('are of the same operator and differ in some size by half at the most', () => {
    const draw = randomStream(1, 'test');
    let varied = 0;
    for (const kernel of take(300, 2)) {
      const near = kernelNear(draw, kernel);
      if (near === null) continue;
      expect(near.family).toBe(kernel.family);
      expect(near.shape['activation']).toBe(kernel.shape['activation']);
      for (const name of ['height', 'width'] as const)
        if (kernel.shape[name] !== undefined && kernel.shape[name]! > 2)
          expect(near.shape[name]! / kernel.shape[name]!).toBeLessThan(2);
      if (near.key !== kernel.key) varied++;
    }
    expect(varied).toBeGreaterThan(150);
  });
});
