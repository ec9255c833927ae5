import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonNegativeLeastSquares } from '../../src/device/index.js';

describe('non-negative least squares', () => {
  it('binds what would turn negative to zero', () => {
    // Unbounded (1, -1); with the second at 0, the first is (2 * 1 + -1 * -2) / (2 * 2 + 1 * 1) = 0.8.
    const x = nonNegativeLeastSquares(
      [
        [2, 1],
        [-1, 1],
      ],
      [1, -2],
    );
    expect(x[0]).toBeCloseTo(0.8, 12);
    expect(x[1]).toBe(0);
  });

  it('meets the conditions of Karush, Kuhn and Tucker', () => {
    const entry = fc.integer({ min: -50, max: 50 }).map((value) => value / 10);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(entry, entry, entry, entry), { minLength: 4, maxLength: 10 }),
        fc.array(entry, { minLength: 10, maxLength: 10 }),
        (rows, wanted) => {
          const x = nonNegativeLeastSquares(rows, wanted);
          const residuals = rows.map(
            (row, index) => wanted[index]! - row.reduce((sum, value, column) => sum + value * x[column]!, 0),
          );
          for (let column = 0; column < 4; column++) {
            const slope = rows.reduce((sum, row, index) => sum + row[column]! * residuals[index]!, 0);
            expect(x[column]).toBeGreaterThanOrEqual(0);
            expect(slope).toBeLessThan(1e-5);
            if (x[column]! > 1e-9) expect(Math.abs(slope)).toBeLessThan(1e-5);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
