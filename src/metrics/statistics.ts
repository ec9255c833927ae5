import { mean as arithmeticMean, quantileSorted, sampleStandardDeviation } from 'simple-statistics';

export function mean(values: readonly number[]): number {
  return arithmeticMean(values as number[]);
}

/** A quantile of ascending values. */
export function percentile(sorted: readonly number[], share: number): number {
  return quantileSorted(sorted as number[], share);
}

const BATCHES = 20;
/** Student's t, 97.5 %, of 19 degrees of freedom. */
const T_19 = 2.093;

/**
 * 95 % interval of the mean of a correlated sequence by batch means (Law, Simulation Modeling and Analysis, 9.5.3):
 * the means of 20 consecutive batches are nearly independent. Null for fewer than five values a batch.
 */
export function batchMeansInterval(values: readonly number[]): readonly [low: number, high: number] | null {
  const size = Math.floor(values.length / BATCHES);
  if (size < 5) return null;
  const means = Array.from({ length: BATCHES }, (_, batch) =>
    mean(values.slice(batch * size, (batch + 1) * size)),
  );
  const centre = mean(means);
  const half = (T_19 * sampleStandardDeviation(means)) / Math.sqrt(BATCHES);
  return [centre - half, centre + half];
}
