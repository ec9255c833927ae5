import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covariance, type Field, type FieldPlace, krige } from '../../src/device/kriging.js';

function fieldOf(values: readonly number[], spacing = 1): Field {
  return {
    parts: [
      {
        points: values.map((_, index) => Float64Array.of(spacing * index, 0)),
        shares: Float64Array.from(values, () => 1),
        signal: 1,
      },
    ],
    values: Float64Array.from(values),
    noise: Float64Array.from(values, () => 1e-9),
  };
}

function at(x: number): FieldPlace {
  return [{ point: Float64Array.of(x, 0), share: 1 }];
}

describe('interpolation between measured points', () => {
  it('gives back the value at each of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const field = fieldOf(values);
          for (const [index, value] of values.entries())
            expect(krige(field, at(index), 20)).toBeCloseTo(value, 5);
        },
      ),
    );
  });

  it('lies between two neighbours half-way, and at nothing far from all', () => {
    const field = fieldOf([0.2, 0.4]);
    const between = krige(field, at(0.5), 2);
    expect(between).toBeGreaterThan(0.2);
    expect(between).toBeLessThan(0.4);
    expect(krige(field, at(100), 2)).toBeCloseTo(0, 9);
  });

  it('follows a smooth curve that it knows at a few points', () => {
    const spacing = 0.5;
    const field = fieldOf(
      Array.from({ length: 20 }, (_, index) => Math.sin(spacing * index)),
      spacing,
    );
    for (const x of [1.3, 4.1, 7.7]) expect(krige(field, at(x), 8)).toBeCloseTo(Math.sin(x), 2);
  });

  it('does not see the point that is left out', () => {
    const one = fieldOf([0, 0, 5, 0, 0]);
    const other = fieldOf([0, 0, -7, 0, 0]);
    expect(krige(one, at(2), 4, 2)).toBe(krige(other, at(2), 4, 2));
  });

  it('gives a part as much of the value as its share at the place', () => {
    // Of the part alone 0.4 is known, where it is all of the value; nothing of the whole.
    const field: Field = {
      parts: [
        { points: [Float64Array.of(0)], shares: Float64Array.of(0), signal: 1 },
        { points: [Float64Array.of(0)], shares: Float64Array.of(1), signal: 1 },
      ],
      values: Float64Array.of(0.4),
      noise: Float64Array.of(1e-9),
    };
    const withShare = (share: number): FieldPlace => [
      { point: Float64Array.of(0), share: 1 },
      { point: Float64Array.of(0), share },
    ];
    for (const share of [0, 0.25, 0.5, 1])
      expect(krige(field, withShare(share), 1)).toBeCloseTo(0.4 * share, 6);
  });

  it('trusts a value with much noise less', () => {
    const value = (noise: number) => krige({ ...fieldOf([1]), noise: Float64Array.of(noise) }, at(0), 1);
    // The best guess of a signal s seen with noise n: s / (s + n).
    for (const noise of [0.1, 1, 9]) expect(value(noise)).toBeCloseTo(1 / (1 + noise), 9);
  });

  it('has a covariance that falls with the distance, from the signal on', () => {
    expect(covariance(3, 0)).toBe(3);
    const falling = [0, 0.1, 1, 4, 100].map((squared) => covariance(1, squared));
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
  });
});
