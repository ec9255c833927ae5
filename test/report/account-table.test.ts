import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/learn/index.js';
import { differenceTable } from '../../src/report/accuracy-differences.js';

const comparison = (
  stage: string,
  other: string,
  [difference, low, high]: readonly number[],
  seeds = [1],
) => ({
  stage: `cifar/${stage}`,
  other: `cifar/${other}`,
  seeds,
  difference: difference!,
  low: low!,
  high: high!,
  images: 10_000,
  resamples: 10_000,
});
const account = (comparisons: Account['comparisons']) => ({ comparisons, rows: [] }) as unknown as Account;

describe('the table of differences in accuracy', () => {
  it('has a column for each NoNN, a row for each other stage, and a mark where the interval includes zero', () => {
    const { columns, rows } = differenceTable(
      account([
        comparison('nonn-2', 'teacher', [-0.0311, -0.0371, -0.0251]),
        comparison('nonn-2', 'nonn-4', [-0.001, -0.004, 0.002]),
        comparison('nonn-4', 'teacher', [-0.02, -0.025, -0.015]),
      ]),
    );
    expect(columns.map(({ title }) => title)).toEqual(['points more than', 'nonn-2', 'nonn-4']);
    expect(rows).toEqual([
      ['teacher', '-3.11 (-3.71 to -2.51)', '-2.00 (-2.50 to -1.50)'],
      ['nonn-4', '≈ -0.10 (-0.40 to +0.20)', ''],
    ]);
  });

  it('says over how many seeds, where pairs differ in that', () => {
    const { rows } = differenceTable(
      account([
        comparison('nonn-2', 'teacher', [0.01, 0.005, 0.015], [1, 2, 3]),
        comparison('nonn-2', 'single', [0.01, 0, 0.02]),
      ]),
    );
    expect(rows).toEqual([
      ['teacher', '+1.00 (+0.50 to +1.50, 3 seeds)'],
      ['single', '≈ +1.00 (+0.00 to +2.00, one seed)'],
    ]);
  });
});
