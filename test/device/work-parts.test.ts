import { describe, expect, it } from 'vitest';
import { sampleKernels } from '../../src/calibrate/index.js';
import { latencyFamily, unsteadiness, workShare, workTerms } from '../../src/device/index.js';

const kernels = (() => {
  const drawn = sampleKernels(11, { most: 1e9, usual: 1e7 });
  return Array.from({ length: 800 }, () => drawn.next().value);
})();

/** One second for each unit of what is named. */
function only(...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, 1]));
}

describe('parts of the time of a kernel', () => {
  it('of a convolution are products and weights, and calls are in neither', () => {
    const kernel = kernels.find((one) => latencyFamily(one) === 'conv3x3')!;
    for (const [name, compute, weights, growing] of [
      ['call', 0, 0, 0],
      ['multiply-add, inside', 1, 0, 1],
      ['row of weights, in sixteens', 1, 0, 1],
      ['weight, in eights', 0, 1, 1],
      ['output', 0, 0, 1],
    ] as const) {
      const shares = (['compute', 'weights', 'growing'] as const).map((part) =>
        workShare(part, only(name), kernel),
      );
      expect([name, ...shares]).toEqual([name, compute, weights, growing]);
    }
  });

  it('are shares of the whole time, of no more than what grows', () => {
    for (const kernel of kernels) {
      const work = Object.fromEntries(workTerms(kernel).map(([name], index) => [name, 1e-9 * (1 + index)]));
      const [growing, compute, weights] = (['growing', 'compute', 'weights'] as const).map((part) =>
        workShare(part, work, kernel),
      ) as [number, number, number];
      expect(growing).toBeLessThan(1);
      expect(compute + weights).toBeLessThanOrEqual(growing + 1e-12);
    }
  });

  it('are nothing where no work is known to take any time', () => {
    expect(workShare('growing', {}, kernels[0]!)).toBe(0);
  });

  it('are unsteady where weights are more than a cache keeps, the more the larger they are', () => {
    const dense = (inputs: number) => ({
      family: 'conv2d',
      shape: { channels: inputs, filters: 512, outHeight: 4, outWidth: 4 },
      bytes: 1,
    });
    const work = only('weight', 'output');
    const [near, far, farther] = [2048, 4096, 8192].map((inputs) => unsteadiness(work, dense(inputs)));
    expect(near).toBe(0);
    expect(far).toBeGreaterThan(0.4);
    expect(farther).toBeGreaterThan(far!);
    expect(unsteadiness(only('output'), dense(8192))).toBe(0);
  });
});
