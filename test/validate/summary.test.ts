import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseFloor, summarise } from '../../src/validate/index.js';
import { kendallTauB } from '../../src/validate/summary.js';

const rows = (...pairs: [predicted: number, measured: number][]) =>
  pairs.map(([predicted, measured]) => ({ predicted, measured }));

describe('the summary of predictions', () => {
  it('counts errors as fractions of what was measured', () => {
    const summary = summarise(rows([1.04, 1], [0.92, 1], [3, 2], [10, 10]))!;
    expect(summary).toMatchObject({ count: 4, within5: 0.5, within10: 0.75, worst: 0.5 });
    expect(summary.mape).toBeCloseTo((0.04 + 0.08 + 0.5 + 0) / 4, 12);
  });

  it('has rank correlations of 1 where the order is right, whatever the errors', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2 }), (values) => {
        const summary = summarise(values.map((value) => ({ predicted: value ** 2, measured: value })))!;
        expect(summary.spearman).toBeCloseTo(1, 9);
        expect(summary.kendall).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is absent without rows, and has no rank of a single one', () => {
    expect(summarise([])).toBeNull();
    expect(summarise(rows([1, 2]))).toMatchObject({ count: 1, spearman: null, kendall: null });
  });

  it('has the tau-b of the example in the documentation of SciPy: -0.4714', () => {
    // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) = -0.47140452079103173
    expect(kendallTauB([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12);
  });
});

describe('the noise floor', () => {
  it('is the share of measurements that agree within 10 %, and how far they differ on average', () => {
    const measured = [
      { before: 1, after: 1.09 },
      { before: 1.09, after: 1 },
      { before: 1, after: 1.2 },
      { before: 2, after: 2 },
    ];
    const floor = noiseFloor(measured);
    expect(floor).toMatchObject({ within10: 0.75, within5: 0.25 });
    expect(floor.mean).toBeCloseTo((0.09 + 0.09 + 0.2 + 0) / 4, 12);
  });
});
