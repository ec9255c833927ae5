import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominates, paretoFront } from '../../src/explore/index.js';

const point = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 3, maxLength: 3 });

describe('the Pareto front', () => {
  it('is exactly the points that no other point dominates', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        const byDefinition = points.flatMap((candidate, index) =>
          points.some((other) => dominates(other, candidate)) ? [] : [index],
        );
        expect(paretoFront(points)).toEqual(byDefinition);
      }),
    );
  });

  it('counts an unknown value as worse than any known', () => {
    expect(
      paretoFront([
        [1, Number.POSITIVE_INFINITY],
        [1, 5],
        [0, Number.POSITIVE_INFINITY],
      ]),
    ).toEqual([1, 2]);
  });
});
