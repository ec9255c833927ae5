import { describe, expect, it } from 'vitest';
import { fitField } from '../../src/calibrate/field-fit.js';
import { sampleKernels } from '../../src/calibrate/index.js';
import { fitInference, inferenceSeconds } from '../../src/calibrate/inference-fit.js';
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
    const { parts, noise, weightNoise } = fitField([{ points, shares: values.map(() => 1) }], values);
    const { lengths, signal } = parts[0]!;
    expect(lengths[1]! / lengths[0]!).toBeGreaterThan(3);
    expect(lengths[2]).toBeGreaterThan(1e3);
    expect(noise).toBeLessThan(signal / 100);
    expect(weightNoise).toBe(0);
  });

  it('finds which part varies, and the noise of unsteady values apart from that of all', () => {
    const draw = randomStream(2, 'test');
    const noise = () => draw.uniform() + draw.uniform() + draw.uniform() - 1.5;
    const rows = Array.from({ length: 160 }, (_, index) => {
      const [x, share] = [4 * draw.uniform(), draw.uniform()];
      const unsteady = index % 4 === 0 ? 1 : 0;
      const value = 0.4 * share * Math.sin(2 * x) + (unsteady ? 0.3 : 0.01) * noise();
      return { x, share, unsteady, value };
    });
    const points = rows.map(({ x }) => [x]);
    const fit = fitField(
      [
        { points, shares: rows.map(() => 1) },
        { points, shares: rows.map(({ share }) => share) },
      ],
      rows.map(({ value }) => value),
      rows.map(({ unsteady }) => unsteady),
    );
    const [whole, part] = fit.parts;
    expect(part!.signal).toBeGreaterThan(10 * whole!.signal);
    // Three uniform numbers have a variance of a quarter: a standard deviation of 0.15 for the unsteady ones.
    expect(Math.sqrt(fit.weightNoise)).toBeGreaterThan(0.1);
    expect(Math.sqrt(fit.weightNoise)).toBeLessThan(0.22);
    expect(Math.sqrt(fit.noise)).toBeLessThan(0.03);
  });
});

describe('the fit of what an inference takes beside its kernels', () => {
  const kernel = { family: 'conv2d', shape: { channels: 10, filters: 10 }, bytes: 1e4 };
  const networks = Array.from({ length: 12 }, (_, index) => {
    const count = 10 + 3 * index;
    const [kernelSeconds, weightBytes] = [1e-3 * (1 + ((5 * index) % 7)), 1e5 * index];
    const seconds = 1.04 * kernelSeconds + 2e-6 * count + 4e-5;
    return {
      kernels: Array.from({ length: count }, () => kernel),
      kernelSeconds,
      weightBytes,
      seconds,
      cold: seconds + 1e-4 * count + 2e-9 * weightBytes,
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

  it('is not bent by a network that something disturbed', () => {
    const disturbed = networks.map((network, index) =>
      index === 5 ? { ...network, seconds: 2 * network.seconds } : network,
    );
    const { factor, perKernel, perInference } = fitInference(disturbed);
    for (const network of networks)
      expect(inferenceSeconds({ factor, perKernel, perInference }, network) / network.seconds).toBeCloseTo(
        1,
        1,
      );
    expect(Math.abs(factor - 1.04)).toBeLessThan(0.02);
  });

  it('finds what bringing weights in again takes, and from how many bytes on, only where networks tell it', () => {
    const made = { factor: 1.04, perKernel: 2e-6, perInference: 4e-5 };
    const refill = { perWeightByte: 1.2e-10, from: 4e6, until: 24e6 };
    const sized = Array.from({ length: 36 }, (_, index) => {
      // From 0.3 to 43 MB of weights in all, in layers of 147 KB to 2.4 MB.
      const channels = 64 + 32 * ((3 * index) % 7);
      const bytes = 4 * 9 * channels ** 2;
      const layer = {
        family: 'conv2d',
        shape: { kernelHeight: 3, kernelWidth: 3, channels, filters: channels },
        bytes,
      };
      return {
        kernels: Array.from({ length: 1 + Math.floor(1.1 ** index) + (index % 5) }, () => layer),
        kernelSeconds: 1e-3 * (1 + ((5 * index) % 7)),
        weightBytes: 1e6,
      };
    });
    const timesBy = (fit: Parameters<typeof inferenceSeconds>[0]) =>
      sized.map((network) => {
        const seconds = inferenceSeconds(fit, network);
        return { ...network, seconds, cold: 2 * seconds };
      });
    const found = fitInference(timesBy({ ...made, refill }));
    // As near as the steps are that it tries.
    expect(found.refill!.from / 4e6).toBeGreaterThanOrEqual(0.75);
    expect(found.refill!.from / 4e6).toBeLessThanOrEqual(1.5);
    expect(Math.abs(found.refill!.perWeightByte / 1.2e-10 - 1)).toBeLessThan(0.15);
    expect(Math.max(...found.leftOut.map(Math.abs))).toBeLessThan(0.05);
    const [low, high] = found.refillInterval!;
    expect(low / 1.2e-10).toBeGreaterThan(0.7);
    expect(high / 1.2e-10).toBeLessThan(1.4);
    expect(fitInference(timesBy(made)).refill?.perWeightByte ?? 0).toBeLessThan(2e-12);
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
