import { decompose, solveLower, solveUpper } from './positive-definite.js';

/** A field of values over points, as a Gaussian process has it. */
export interface Field {
  /** Points, each coordinate divided by its length: how far one has to go for the value to become another. */
  readonly points: readonly Float64Array[];
  readonly values: Float64Array;
  /** Variance of the field, and of the noise of a value. */
  readonly signal: number;
  readonly noise: number;
}

/**
 * The covariance of a field at a squared distance: Matérn's with smoothness 5/2 (Rasmussen, Williams, "Gaussian
 * Processes for Machine Learning", 2006, equation 4.17).
 */
export function covariance(signal: number, squared: number): number {
  const scaled = Math.sqrt(5 * squared);
  return signal * (1 + scaled + (scaled * scaled) / 3) * Math.exp(-scaled);
}

/**
 * The value of a field at a point from the nearest so many points whose value is known: simple kriging in a moving
 * neighbourhood (Cressie, "Statistics for Spatial Data", 1993, section 3.4), as all points would take their number cubed.
 * @param left index of a point that is left out, for cross-validation.
 */
export function krige(field: Field, at: Float64Array, neighbours: number, left = -1): number {
  const { points, values, signal, noise } = field;
  const near = nearest(points, at, neighbours, left);
  const lower = near.map((index, row) => {
    const line = new Float64Array(row + 1);
    for (let column = 0; column < row; column++)
      line[column] = covariance(signal, squaredDistance(points[index]!, points[near[column]!]!));
    line[row] = signal + noise;
    return line;
  });
  decompose(lower);
  const weights = Float64Array.from(near, (index) => values[index]!);
  solveLower(lower, weights);
  solveUpper(lower, weights);
  let value = 0;
  for (const [row, index] of near.entries())
    value += weights[row]! * covariance(signal, squaredDistance(points[index]!, at));
  return value;
}

/** Indices of the nearest points, in their own order; of equally far ones the first. */
function nearest(
  points: readonly Float64Array[],
  at: Float64Array,
  neighbours: number,
  left: number,
): readonly number[] {
  const wanted = Math.min(neighbours, points.length - (left >= 0 ? 1 : 0));
  // The nearest so far, from near to far: most points are farther than all of them.
  const distances = new Float64Array(wanted).fill(Number.POSITIVE_INFINITY);
  const indices = new Array<number>(wanted).fill(-1);
  for (let index = 0; index < points.length; index++) {
    if (index === left) continue;
    const distance = squaredDistance(points[index]!, at);
    if (!(distance < distances[wanted - 1]!)) continue;
    let place = wanted - 1;
    for (; place > 0 && distances[place - 1]! > distance; place--) {
      distances[place] = distances[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    distances[place] = distance;
    indices[place] = index;
  }
  return indices.sort((a, b) => a - b);
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = a[index]! - b[index]!;
    sum += difference * difference;
  }
  return sum;
}
