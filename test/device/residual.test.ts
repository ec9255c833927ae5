import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelCost, latencyFeatures, parseProfile } from '../../src/device/index.js';
import { kernelOf, windowOf } from './kernels.js';
import { profileData } from './profile-data.js';

const sampled = [
  { kernel: kernelOf('conv2d', 1e5, 1e5, windowOf(5)), residual: Math.log(2) },
  { kernel: kernelOf('conv2d', 1e7, 1e6, windowOf(5)), residual: Math.log(0.5) },
  { kernel: kernelOf('conv2d', 1e6, 3e5, windowOf(5)), residual: 0 },
];

function learned(neighbours = 1) {
  const data = profileData();
  const features = ['flops', 'bytes'];
  data.latency['residual'] = {
    '1': {
      conv: {
        features,
        neighbours,
        points: sampled.map(({ kernel }) => features.map((name) => latencyFeatures(kernel).get(name)!)),
        residuals: sampled.map(({ residual }) => residual),
        source: 'measured',
        citation: 'a test',
        date: '2026-11-24',
        samples: sampled.length,
      },
    },
  };
  return parseProfile(data, 'profile.json');
}

const base = parseProfile(profileData(), 'profile.json');

describe('the learned residual', () => {
  it('gives a sampled kernel its measured time back', () => {
    for (const { kernel, residual } of sampled) {
      const cost = kernelCost(learned(), 1, kernel);
      expect(cost.seconds / kernelCost(base, 1, kernel).seconds).toBeCloseTo(Math.exp(residual), 9);
      expect(cost.source).toBe('predicted');
    }
  });

  it('is not asked outside the range that was sampled: there the base answers, extrapolated', () => {
    const large = kernelOf('conv2d', 1e9, 1e6, windowOf(5));
    expect(kernelCost(learned(), 1, large).seconds).toBe(kernelCost(base, 1, large).seconds);
    expect(kernelCost(learned(), 1, large).source).toBe('extrapolated');
  });

  it('never leaves what its neighbours say', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 5, max: 7, noNaN: true }),
        fc.double({ min: 5, max: 6, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        (flops, bytes, neighbours) => {
          const kernel = kernelOf('conv2d', 10 ** flops, 10 ** bytes, windowOf(5));
          const ratio =
            kernelCost(learned(neighbours), 1, kernel).seconds / kernelCost(base, 1, kernel).seconds;
          expect(ratio).toBeGreaterThanOrEqual(0.5 - 1e-9);
          expect(ratio).toBeLessThanOrEqual(2 + 1e-9);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('must have one residual a point', () => {
    const data = profileData();
    data.latency['residual'] = {
      '1': {
        conv: {
          features: ['flops'],
          neighbours: 1,
          points: [[1], [2]],
          residuals: [0],
          source: 'measured',
          citation: 'a test',
          date: '2026-11-24',
        },
      },
    };
    expect(() => parseProfile(data, 'profile.json')).toThrow(
      'latency.residual.1.conv.residuals: found 1 residuals, expected one a point (2)',
    );
  });
});
