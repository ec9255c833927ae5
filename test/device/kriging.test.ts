import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covariance, type Field, krige } from '../../src/device/kriging.js';

function fieldOf(values: readonly number[], spacing = 1): Field {
  return {
    points: values.map((_, index) => Float64Array.of(spacing * index, 0)),
    values: Float64Array.from(values),
    signal: 1,
    noise: 1e-9,
  };
}

describe('interpolation between measured points', () => {
  it('gives back the value at each of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const field = fieldOf(values);
          for (const [index, value] of values.entries())
            expect(krige(field, field.points[index]!, 20)).toBeCloseTo(value, 5);
        },
      ),
    );
  });

  it('lies between two neighbours half-way, and at nothing far from all', () => {
    const field = fieldOf([0.2, 0.4]);
    const between = krige(field, Float64Array.of(0.5, 0), 2);
    expect(between).toBeGreaterThan(0.2);
    expect(between).toBeLessThan(0.4);
    expect(krige(field, Float64Array.of(100, 0), 2)).toBeCloseTo(0, 9);
  });

  it('follows a smooth curve that it knows at a few points', () => {
    const spacing = 0.5;
    const field = fieldOf(
      Array.from({ length: 20 }, (_, index) => Math.sin(spacing * index)),
      spacing,
    );
    for (const x of [1.3, 4.1, 7.7])
      expect(krige(field, Float64Array.of(x, 0), 8)).toBeCloseTo(Math.sin(x), 2);
  });

  it('does not see the point that is left out', () => {
    const one = fieldOf([0, 0, 5, 0, 0]);
    const other = fieldOf([0, 0, -7, 0, 0]);
    expect(krige(one, one.points[2]!, 4, 2)).toBe(krige(other, other.points[2]!, 4, 2));
  });

  it('has a covariance that falls with the distance, from the signal on', () => {
    expect(covariance(3, 0)).toBe(3);
    const falling = [0, 0.1, 1, 4, 100].map((squared) => covariance(1, squared));
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
  });
});
