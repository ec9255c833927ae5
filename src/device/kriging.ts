import { decompose, solveLower, solveUpper } from './positive-definite.js';

/** One of the Gaussian processes that add up to a field, in coordinates of its own. */
export interface FieldPart {
  /** A point for each value, each coordinate divided by its length: how far one has to go for the part to become another. */
  readonly points: readonly Float64Array[];
  /** How much of the part is in each value. */
  readonly shares: Float64Array;
  /** Variance of the part. */
  readonly signal: number;
}

/** Values over points, each the sum of its shares of parts, and of noise. */
export interface Field {
  readonly parts: readonly FieldPart[];
  readonly values: Float64Array;
  /** Variance of the noise of each value. */
  readonly noise: Float64Array;
}

/** Where the value of a field is wanted: a point and a share for each part. */
export type FieldPlace = readonly { readonly point: Float64Array; readonly share: number }[];

/**
 * The covariance of a field at a squared distance: Matérn's with smoothness 5/2 (Rasmussen, Williams, "Gaussian
 * Processes for Machine Learning", 2006, equation 4.17).
 */
export function covariance(signal: number, squared: number): number {
  const scaled = Math.sqrt(5 * squared);
  return signal * (1 + scaled + (scaled * scaled) / 3) * Math.exp(-scaled);
}

/**
 * The value of a field at a place from so many points that say most about it: simple kriging in a moving neighbourhood
 * (Cressie, "Statistics for Spatial Data", 1993, section 3.4), as all points would take their number cubed. Parts add up as
 * in Duvenaud, Nickisch, Rasmussen, "Additive Gaussian Processes", 2011.
 * @param left index of a point that is left out, for cross-validation.
 */
export function krige(field: Field, at: FieldPlace, neighbours: number, left = -1): number {
  const { parts, values, noise } = field;
  const towards = new Float64Array(values.length);
  for (const [part, { points, shares, signal }] of parts.entries()) {
    const { point, share } = at[part]!;
    if (share === 0) continue;
    for (let index = 0; index < towards.length; index++)
      if (shares[index] !== 0)
        towards[index]! +=
          share * shares[index]! * covariance(signal, squaredDistance(points[index]!, point));
  }
  const near = nearest(field, towards, neighbours, left);
  const lower = near.map((index, row) => {
    const line = new Float64Array(row + 1);
    for (const { points, shares, signal } of parts) {
      if (shares[index] === 0) continue;
      for (let column = 0; column < row; column++) {
        const other = near[column]!;
        line[column]! +=
          shares[index]! *
          shares[other]! *
          covariance(signal, squaredDistance(points[index]!, points[other]!));
      }
    }
    line[row] = variance(field, index) + noise[index]!;
    return line;
  });
  decompose(lower);
  const weights = Float64Array.from(near, (index) => values[index]!);
  solveLower(lower, weights);
  solveUpper(lower, weights);
  let value = 0;
  for (const [row, index] of near.entries()) value += weights[row]! * towards[index]!;
  return value;
}

/** Variance of a value, without its noise. */
function variance({ parts }: Field, index: number): number {
  return parts.reduce((sum, { shares, signal }) => sum + shares[index]! ** 2 * signal, 0);
}

/** Indices of the points whose values go most with the wanted one, in their own order; of equal ones the first. */
function nearest(field: Field, towards: Float64Array, neighbours: number, left: number): readonly number[] {
  const wanted = Math.min(neighbours, towards.length - (left >= 0 ? 1 : 0));
  // The nearest so far, from near to far: most points are farther than all of them.
  const correlations = new Float64Array(wanted).fill(Number.NEGATIVE_INFINITY);
  const indices = new Array<number>(wanted).fill(-1);
  for (let index = 0; index < towards.length; index++) {
    if (index === left) continue;
    const correlation = towards[index]! / Math.sqrt(variance(field, index) + TINY);
    if (!(correlation > correlations[wanted - 1]!)) continue;
    let place = wanted - 1;
    for (; place > 0 && correlations[place - 1]! < correlation; place--) {
      correlations[place] = correlations[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    correlations[place] = correlation;
    indices[place] = index;
  }
  return indices.sort((a, b) => a - b);
}

/** Keeps a quotient finite where a value has no share of any part. */
const TINY = 1e-30;

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = a[index]! - b[index]!;
    sum += difference * difference;
  }
  return sum;
}
