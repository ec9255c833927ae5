import { mean, sampleRankCorrelation } from 'simple-statistics';
import type { LatencyFamily } from '../device/index.js';

/** A prediction beside what was measured, in seconds. */
export interface Row {
  readonly kind: 'kernels' | 'networks' | 'plans';
  readonly name: string;
  /** Of a kernel. */
  readonly family?: LatencyFamily;
  readonly predicted: number;
  /** The interval of the prediction. */
  readonly low: number;
  readonly high: number;
  readonly measured: number;
  /** predicted / measured - 1 */
  readonly error: number;
  /** Whether any of it comes from outside the range that the profile was fitted in. */
  readonly extrapolated: boolean;
  /** Least of the first half of the rounds, and of the second. */
  readonly before: number;
  readonly after: number;
  /** What naive models say: the roofline of each family, and one rate for everything; null where they cannot. */
  readonly roofline: number | null;
  readonly flops: number | null;
  /** Of a batch: its images times the predicted seconds of one. */
  readonly proportional?: number;
}

/** How well the two measurements of a row agree: shares and a mean difference as fractions. */
export interface NoiseFloor {
  readonly within5: number;
  readonly within10: number;
  readonly mean: number;
}

/** How good predictions are: shares and errors as fractions. */
export interface Summary {
  readonly count: number;
  readonly within5: number;
  readonly within10: number;
  /** Mean of the absolute errors. */
  readonly mape: number;
  /** Largest absolute error. */
  readonly worst: number;
  /** Rank correlations of predicted and measured times; null with fewer than two rows, or where all are alike. */
  readonly spearman: number | null;
  readonly kendall: number | null;
}

/** Summary of predictions; null without any. */
export function summarise(
  rows: readonly { readonly predicted: number; readonly measured: number }[],
): Summary | null {
  if (rows.length === 0) return null;
  const errors = rows.map(({ predicted, measured }) => Math.abs(predicted / measured - 1));
  const share = (limit: number) => errors.filter((error) => error <= limit).length / errors.length;
  const predicted = rows.map((row) => row.predicted);
  const measured = rows.map((row) => row.measured);
  return {
    count: rows.length,
    within5: share(0.05),
    within10: share(0.1),
    mape: mean(errors),
    worst: errors.reduce((a, b) => Math.max(a, b)),
    spearman: finite(rows.length < 2 ? Number.NaN : sampleRankCorrelation(predicted, measured)),
    kendall: finite(kendallTauB(predicted, measured)),
  };
}

/** How far the two measurements of a row differ, over the smaller one. */
export function noiseFloor(rows: readonly Pick<Row, 'before' | 'after'>[]): NoiseFloor {
  const differences = rows.map(({ before, after }) => Math.max(before, after) / Math.min(before, after) - 1);
  // A tenth more is within 10 %, whatever its last binary digit.
  const share = (limit: number) =>
    differences.filter((difference) => difference <= limit + 1e-12).length / differences.length;
  return { within5: share(0.05), within10: share(0.1), mean: mean(differences) };
}

/**
 * Kendall's rank correlation with its correction for ties, tau-b (Kendall, "Rank Correlation Methods", 1948):
 * (concordant - discordant pairs) / sqrt(pairs untied in x * pairs untied in y).
 */
export function kendallTauB(x: readonly number[], y: readonly number[]): number {
  let difference = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const a = Math.sign(x[i]! - x[j]!);
      const b = Math.sign(y[i]! - y[j]!);
      difference += a * b;
      untiedX += a * a;
      untiedY += b * b;
    }
  return difference / Math.sqrt(untiedX * untiedY);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
