import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedBootstrap } from '../../../src/learn/index.js';

/** So many images of each kind: only the first right, only the second right, both right. */
function answers(first: number, second: number, both: number) {
  const list = (of: [number, number][]) => of.flatMap(([value, count]) => Array<number>(count).fill(value));
  return {
    a: list([
      [1, first],
      [0, second],
      [1, both],
    ]),
    b: list([
      [0, first],
      [1, second],
      [1, both],
    ]),
  };
}

describe('the paired bootstrap', () => {
  it('finds the interval of the normal law where images are many', () => {
    // The difference of one image is 1, -1 or 0 with shares 0.06, 0.03 and 0.91: its mean is 0.03, its variance 0.09 - 0.03².
    const { a, b } = answers(120, 60, 1820);
    const { difference, low, high, images, resamples } = pairedBootstrap(a, b);
    expect({ images, resamples }).toEqual({ images: 2000, resamples: 10_000 });
    expect(difference).toBeCloseTo(0.03, 12);
    const halfWidth = 1.959964 * Math.sqrt((0.09 - 0.03 ** 2) / 2000);
    expect(low).toBeCloseTo(0.03 - halfWidth, 3);
    expect(high).toBeCloseTo(0.03 + halfWidth, 3);
  });

  it('finds the binomial quantiles of a case that can be counted', () => {
    // Of 10 images 5 differ, all for the first: a resample's mean is Binomial(10, 1/2) / 10, with
    // P(<= 1) = 0.0107 and P(<= 2) = 0.0547, so the 2.5 % quantile is 2 and by symmetry the other one 8.
    const { a, b } = answers(5, 0, 5);
    expect(pairedBootstrap(a, b)).toMatchObject({ difference: 0.5, low: 0.2, high: 0.8 });
  });

  it('has no width where all images agree, however right they are', () => {
    const { a } = answers(30, 20, 0);
    expect(pairedBootstrap(a, a)).toMatchObject({ difference: 0, low: 0, high: 0 });
  });

  it('is the same for the same seed, holds the difference, and turns its sign with the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 }),
        fc.nat(1000),
        (pairs, seed) => {
          const a = pairs.map(([right]) => Number(right));
          const b = pairs.map(([, right]) => Number(right));
          const forth = pairedBootstrap(a, b, { resamples: 400, seed });
          expect(pairedBootstrap(a, b, { resamples: 400, seed })).toEqual(forth);
          expect(forth.low).toBeLessThanOrEqual(forth.difference + 1e-12);
          expect(forth.high).toBeGreaterThanOrEqual(forth.difference - 1e-12);
          const back = pairedBootstrap(b, a, { resamples: 400, seed });
          expect(back.low).toBeCloseTo(-forth.high, 12);
          expect(back.high).toBeCloseTo(-forth.low, 12);
        },
      ),
    );
  });

  it('refuses images that are not the same', () => {
    expect(() => pairedBootstrap([1, 0], [1])).toThrow('found 2 and 1 images, expected the same ones');
    expect(() => pairedBootstrap([], [])).toThrow(RangeError);
  });
});
