import { mean, median, rootMeanSquare } from 'simple-statistics';
import type { LatencyFit } from '../device/index.js';
import type { Prediction } from './fit.js';

/** Relative errors of predictions, as a profile keeps them. */
export function errorsOf(
  predictions: readonly Pick<Prediction, 'predicted' | 'measured'>[],
): LatencyFit['leftOut'] {
  const errors = predictions.map(({ predicted, measured }) => Math.abs(predicted / measured - 1));
  return {
    count: predictions.length,
    median: rounded(median(errors)),
    mean: rounded(mean(errors)),
    worst: rounded(errors.reduce((a, b) => Math.max(a, b))),
    spread: rounded(
      rootMeanSquare(predictions.map(({ predicted, measured }) => Math.log(predicted / measured))),
    ),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
