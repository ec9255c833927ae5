import type { LatencyFit } from './profile.js';

/** Errors of predictions, given as predicted / measured. */
export function errorsOf(ratios: readonly number[]): LatencyFit['leftOut'] {
  const errors = ratios.map((ratio) => Math.abs(ratio - 1));
  return {
    count: errors.length,
    median: rounded(median(errors)),
    mean: rounded(mean(errors)),
    worst: rounded(Math.max(...errors)),
    spread: rounded(Math.sqrt(mean(ratios.map((ratio) => Math.log(ratio) ** 2)))),
  };
}

/** The least and the largest of some values. */
export function spanOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Four digits: more than the data holds, and few enough to be the same on every machine. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
