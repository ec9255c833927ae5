import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kernelCost,
  movedBytes,
  parseProfile,
  predictNetwork,
  refilledBytes,
  workCost,
} from '../../src/device/index.js';
import { weightNumbers } from '../../src/device/kernel-weights.js';
import { foldedWeightBytes, type Kernel, lowerWhole } from '../../src/kernel/index.js';
import { zooNames, zooNetwork } from '../../src/network/index.js';
import { measuredFigure, profileData } from './profile-data.js';

const bounds = { from: 4e6, until: 24e6 };
/** A 3x3 convolution of so many channels to as many, on a small map. */
const convolution = (channels: number): Kernel => ({
  key: `conv ${channels}`,
  family: 'conv2d',
  layers: ['layer'],
  shape: { kernelHeight: 3, kernelWidth: 3, channels, filters: channels, groups: 1 },
  macs: 36 * channels * channels,
  flops: 72 * channels * channels,
  bytes: 4 * (9 * channels * channels + 8 * channels),
});
const weights = (channels: number) => 4 * 9 * channels * channels;

describe('the weights of a kernel', () => {
  it.each(zooNames())('of %s add up to those of the network, but for biases and normalisations', (name) => {
    const network = zooNetwork(name);
    const bytes = lowerWhole(network).kernels.reduce((sum, kernel) => sum + 4 * weightNumbers(kernel), 0);
    const all = foldedWeightBytes(network);
    expect(bytes).toBeLessThanOrEqual(all);
    expect(bytes / all).toBeGreaterThan(0.9);
  });
});

describe('weights that an inference brings in again', () => {
  it('are none where it moves little, all where it moves much, and half at the geometric mean of the bounds', () => {
    const kernel = convolution(100);
    expect(refilledBytes(bounds, kernel, 4e6)).toBe(0);
    expect(refilledBytes(bounds, kernel, 24e6)).toBeCloseTo(weights(100), 6);
    expect(refilledBytes(bounds, kernel, 1e9)).toBeCloseTo(weights(100), 6);
    expect(refilledBytes(bounds, kernel, Math.sqrt(4e6 * 24e6))).toBeCloseTo(weights(100) / 2, 6);
  });

  it('are not those that the kernel pushes out by itself, which its own measurement has in it', () => {
    // 9.4 MB of weights and more: part of the way between the bounds.
    const large = convolution(512);
    expect(refilledBytes(bounds, large, large.bytes)).toBe(0);
    const own = Math.log(large.bytes / 4e6) / Math.log(6);
    expect(refilledBytes(bounds, large, 1e9) / weights(512)).toBeCloseTo(1 - own, 9);
    // 37 MB are beyond both.
    expect(refilledBytes(bounds, convolution(1024), 1e9)).toBe(0);
  });

  it('never fall when more is moved, and are never more than there are', () => {
    const bytes = fc.double({ min: 1, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 1, max: 600 }), (moved, more, channels) => {
        const kernel = convolution(channels);
        const less = refilledBytes(bounds, kernel, moved);
        expect(less).toBeGreaterThanOrEqual(0);
        expect(refilledBytes(bounds, kernel, moved + more)).toBeGreaterThanOrEqual(less);
        expect(refilledBytes(bounds, kernel, moved + more)).toBeLessThanOrEqual(weights(channels) * 1.000001);
      }),
    );
  });
});

describe('a profile that knows what bringing weights in again takes', () => {
  const withRefill = (refill: object) => {
    const data = profileData();
    data.latency['inference'] = {
      '1': {
        factor: measuredFigure(1.5),
        perKernel: measuredFigure(1e-6),
        perInference: measuredFigure(5e-6),
        refill,
      },
    };
    return parseProfile(data, 'profile.json');
  };
  const profile = withRefill({
    perWeightByte: measuredFigure(1e-10, { interval: [0.5e-10, 2e-10] }),
    from: measuredFigure(4e6),
    until: measuredFigure(24e6),
  });

  it('adds it to a work, by what all kernels of its device move', () => {
    const kernel = convolution(100);
    const work = { kind: 'kernels', kernels: [kernel] } as const;
    const alone = 1.5 * kernelCost(profile, 1, kernel).seconds + 1e-6;
    expect(workCost(profile, 1, work).seconds).toBeCloseTo(alone, 12);
    const among = workCost(profile, 1, work, 1e9);
    expect(among.seconds).toBeCloseTo(alone + 1e-10 * weights(100), 12);
    expect(among.low).toBeCloseTo(alone + 0.5e-10 * weights(100), 12);
    expect(among.high).toBeCloseTo(alone + 2e-10 * weights(100), 12);
  });

  it('adds it to each layer of a network, and only where that moves enough', () => {
    const data = profileData();
    const bare = parseProfile(
      {
        ...data,
        latency: {
          ...data.latency,
          inference: {
            '1': {
              factor: measuredFigure(1.5),
              perKernel: measuredFigure(1e-6),
              perInference: measuredFigure(5e-6),
            },
          },
        },
      },
      'profile.json',
    );
    for (const name of ['resnet18', 'lenet5']) {
      const network = zooNetwork(name);
      const { kernels } = lowerWhole(network);
      const expected = kernels.reduce(
        (sum, kernel) => sum + 1e-10 * refilledBytes(bounds, kernel, movedBytes(kernels)),
        0,
      );
      expect(expected > 0).toBe(name === 'resnet18');
      const found = predictNetwork(profile, 1, network);
      expect(found.latency).toBeCloseTo(predictNetwork(bare, 1, network).latency + expected, 9);
      const layers = found.layers.reduce((sum, { latency }) => sum + latency, 0);
      expect(found.latency).toBeCloseTo(layers + 5e-6, 9);
    }
  });

  it('is refused with bounds that are no range', () => {
    const refill = {
      perWeightByte: measuredFigure(1e-10),
      from: measuredFigure(4e6),
      until: measuredFigure(4e6),
    };
    expect(() => withRefill(refill)).toThrow(
      'latency.inference.1.refill.until: found 4000000 bytes, expected more than "from" (4000000)',
    );
  });
});
