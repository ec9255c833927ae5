import { covariance, decompose, solveLower, solveUpper } from '../device/index.js';

/** How a field varies: see `LearnedLatency`. */
export interface FieldFit {
  readonly parts: readonly { readonly lengths: readonly number[]; readonly signal: number }[];
  readonly noise: number;
  /** Variance for each unit of unsteadiness; 0 where no value has any. */
  readonly weightNoise: number;
}

/** One of the processes that add up to the values: coordinates of each value, and its share of the process. */
export interface FieldPartPoints {
  readonly points: readonly (readonly number[])[];
  readonly shares: readonly number[];
}

/** Rounds of ascent; the likelihood hardly grows after that. */
const ROUNDS = 30;
/** First length of each coordinate, in standard deviations, and how far lengths are expected to lie around that. */
const USUAL_LENGTH = 3;
const LENGTH_SPREAD = 1.5;
/** Logarithms of lengths, and standard deviations of the noise, stay within. */
const LENGTH_BOUNDS = [-2.5, 4] as const;
const NOISE_BOUNDS = [0.005, 0.2] as const;
const USUAL_NOISE = 0.03;
const WEIGHT_NOISE_BOUNDS = [0.005, 0.5] as const;
const USUAL_WEIGHT_NOISE = 0.1;
/** What a part of the time is off by is more than what the whole is, as the others are not off by the same. */
const PART_SIGNAL = 2;
/** A coordinate that never changes says nothing. */
const NO_MATTER = 1e6;

/**
 * Lengths, signals and noise under which the values are likeliest (Rasmussen, Williams, 2006, equations 5.8 and 5.9), by
 * resilient ascent of the logarithm's gradient (Riedmiller, Braun, 1993).
 * @param parts the first is of the whole; a few hundred points each, since a round takes their number cubed.
 * @param unsteady how much noise each value has beyond what all have, in units that are alike for all.
 */
export function fitField(
  parts: readonly FieldPartPoints[],
  values: readonly number[],
  unsteady: readonly number[] = values.map(() => 0),
): FieldFit {
  const deviations = parts.map(({ points }) =>
    (points[0] ?? []).map((_, axis) => deviation(points.map((point) => point[axis]!))),
  );
  const axes: readonly Axis[] = parts.flatMap(({ points }, part) =>
    deviations[part]!.flatMap((size, axis) =>
      size > 0 ? [{ part, axis, squares: pairwise(points, axis, size) }] : [],
    ),
  );
  const shares = parts.map((part) => Float64Array.from(part.shares));
  const isUnsteady = unsteady.some((amount) => amount > 0);
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const signalBegun = (0.8 * variance) / parts.length + 1e-6;
  const bounds: readonly (readonly [number, number])[] = [
    ...axes.map(() => LENGTH_BOUNDS),
    ...parts.map(() => [Math.log(1e-6), Number.POSITIVE_INFINITY] as const),
    logsOfVariances(NOISE_BOUNDS),
    ...(isUnsteady ? [logsOfVariances(WEIGHT_NOISE_BOUNDS)] : []),
  ];
  let logs = [
    ...axes.map(() => Math.log(USUAL_LENGTH)),
    ...parts.map((_, part) => Math.log(part === 0 ? signalBegun : PART_SIGNAL * signalBegun)),
    2 * Math.log(USUAL_NOISE),
    ...(isUnsteady ? [2 * Math.log(USUAL_WEIGHT_NOISE)] : []),
  ];
  let steps = logs.map(() => 0.2);
  let before = logs.map(() => 0);
  let best = { likelihood: Number.NEGATIVE_INFINITY, logs };
  for (let round = 0; round < ROUNDS; round++) {
    const { likelihood, gradient } = slope({ axes, shares, values, unsteady }, logs);
    if (likelihood > best.likelihood) best = { likelihood, logs };
    const turns = gradient.map((value, index) => Math.sign(value) * Math.sign(before[index]!));
    steps = steps.map((step, index) =>
      turns[index]! > 0 ? Math.min(0.7, step * 1.25) : turns[index]! < 0 ? Math.max(1e-3, step * 0.5) : step,
    );
    before = gradient.map((value, index) => (turns[index]! < 0 ? 0 : value));
    logs = logs.map((log, index) =>
      Math.min(
        bounds[index]![1],
        Math.max(bounds[index]![0], log + Math.sign(before[index]!) * steps[index]!),
      ),
    );
  }
  const lengths = deviations.map((sizes) => sizes.map(() => NO_MATTER));
  for (const [index, { part, axis }] of axes.entries())
    lengths[part]![axis] = significant(Math.exp(best.logs[index]!) * deviations[part]![axis]!);
  const [noise, weightNoise = 0, ...signals] = [
    ...best.logs.slice(axes.length + parts.length).map(Math.exp),
    ...(isUnsteady ? [] : [0]),
    ...best.logs.slice(axes.length, axes.length + parts.length).map(Math.exp),
  ].map(significant);
  return {
    parts: lengths.map((ofPart, part) => ({ lengths: ofPart, signal: signals[part]! })),
    noise: noise!,
    weightNoise,
  };
}

/** One coordinate of a part, with the squared differences of it. */
interface Axis {
  readonly part: number;
  readonly axis: number;
  /** Of each pair, in standard deviations: row by row below the diagonal. */
  readonly squares: Float64Array;
}

interface FieldData {
  readonly axes: readonly Axis[];
  /** Of each part in each value. */
  readonly shares: readonly Float64Array[];
  readonly values: readonly number[];
  readonly unsteady: readonly number[];
}

function logsOfVariances([low, high]: readonly [number, number]): readonly [number, number] {
  return [2 * Math.log(low), 2 * Math.log(high)];
}

/**
 * The logarithm of the likelihood, and its gradient in the logarithms of the lengths, of the signals, of the noise and, where
 * there is one more, of that for each unit of unsteadiness. Pairs are kept row by row, below the diagonal.
 */
function slope(
  { axes, shares, values, unsteady }: FieldData,
  logs: readonly number[],
): { readonly likelihood: number; readonly gradient: number[] } {
  const [count, ofSignals, ofNoise] = [values.length, axes.length, axes.length + shares.length];
  const noise = Math.exp(logs[ofNoise]!);
  const added = ofNoise + 1 < logs.length ? Math.exp(logs[ofNoise + 1]!) : 0;
  const parts = shares.map((share, part) => {
    const squared = new Float64Array((count * (count - 1)) / 2);
    for (const [axis, { part: ofPart, squares }] of axes.entries())
      if (ofPart === part) addTimes(squared, squares, Math.exp(-2 * logs[axis]!));
    return covariancesOf(share, Math.exp(logs[ofSignals + part]!), squared);
  });
  const lower = values.map((_, row) => {
    const line = new Float64Array(row + 1);
    const begin = (row * (row - 1)) / 2;
    line[row] = noise + added * unsteady[row]!;
    for (const { pairs, own } of parts) {
      for (let column = 0; column < row; column++) line[column]! += pairs[begin + column]!;
      line[row]! += own[row]!;
    }
    return line;
  });
  decompose(lower);
  const weights = Float64Array.from(values);
  solveLower(lower, weights);
  solveUpper(lower, weights);
  let likelihood = 0;
  for (let row = 0; row < count; row++)
    likelihood -= 0.5 * values[row]! * weights[row]! + Math.log(lower[row]![row]!);
  // How the likelihood grows with each covariance.
  const { pairs: pulls, own: ownPulls } = inverseOf(lower);
  for (let row = 0, pair = 0; row < count; row++) {
    for (let column = 0; column < row; column++, pair++)
      pulls[pair] = weights[row]! * weights[column]! - pulls[pair]!;
    ownPulls[row] = 0.5 * (weights[row]! ** 2 - ownPulls[row]!);
  }
  const gradient = logs.map(() => 0);
  for (const [part, { pairs, own, falls }] of parts.entries()) {
    gradient[ofSignals + part] = dot(pulls, pairs) + dot(ownPulls, own);
    const pulled = falls.map((fall, pair) => fall * pulls[pair]!);
    for (const [axis, { part: ofPart, squares }] of axes.entries())
      if (ofPart === part) gradient[axis] = -2 * Math.exp(-2 * logs[axis]!) * dot(pulled, squares);
  }
  gradient[ofNoise] = noise * ownPulls.reduce((sum, pull) => sum + pull, 0);
  if (added > 0) gradient[ofNoise + 1] = added * dot(ownPulls, Float64Array.from(unsteady));
  for (const [axis] of axes.entries())
    gradient[axis]! -= (logs[axis]! - Math.log(USUAL_LENGTH)) / LENGTH_SPREAD ** 2;
  return { likelihood, gradient };
}

/** Covariances of a part: of pairs, of each value with itself, and the derivative of the former in the squared distance. */
function covariancesOf(share: Float64Array, signal: number, squared: Float64Array) {
  const [pairs, falls] = [new Float64Array(squared.length), new Float64Array(squared.length)];
  for (let row = 0, pair = 0; row < share.length; row++)
    for (let column = 0; column < row; column++, pair++) {
      const both = share[row]! * share[column]! * signal;
      const scaled = Math.sqrt(5 * squared[pair]!);
      pairs[pair] = covariance(both, squared[pair]!);
      falls[pair] = -both * (5 / 6) * (1 + scaled) * Math.exp(-scaled);
    }
  return { pairs, falls, own: share.map((value) => value * value * signal) };
}

/** The inverse of L Lᵀ: of pairs, and on the diagonal. */
function inverseOf(lower: readonly Float64Array[]): {
  readonly pairs: Float64Array;
  readonly own: Float64Array;
} {
  const size = lower.length;
  // Columns of the inverse of L, as rows, so that what is multiplied lies side by side.
  const columns = lower.map((_, column) => {
    const inverse = new Float64Array(size);
    inverse[column] = 1 / lower[column]![column]!;
    for (let row = column + 1; row < size; row++) {
      const line = lower[row]!;
      let sum = 0;
      for (let k = column; k < row; k++) sum -= line[k]! * inverse[k]!;
      inverse[row] = sum / line[row]!;
    }
    return inverse;
  });
  const pairs = new Float64Array((size * (size - 1)) / 2);
  const own = new Float64Array(size);
  for (let row = 0, pair = 0; row < size; row++) {
    const one = columns[row]!;
    for (let column = 0; column < row; column++, pair++) pairs[pair] = dot(one, columns[column]!, row);
    own[row] = dot(one, one, row);
  }
  return { pairs, own };
}

function dot(a: Float64Array, b: Float64Array, from = 0): number {
  let sum = 0;
  for (let index = from; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

function addTimes(sums: Float64Array, values: Float64Array, factor: number): void {
  for (let index = 0; index < sums.length; index++) sums[index]! += factor * values[index]!;
}

/** Squared differences of one coordinate, in its standard deviations. */
function pairwise(points: readonly (readonly number[])[], axis: number, size: number): Float64Array {
  const squares = new Float64Array((points.length * (points.length - 1)) / 2);
  for (let row = 0, pair = 0; row < points.length; row++)
    for (let column = 0; column < row; column++, pair++)
      squares[pair] = ((points[row]![axis]! - points[column]![axis]!) / size) ** 2;
  return squares;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const size = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return size > 1e-9 ? size : 0;
}

function significant(value: number): number {
  return Number(value.toPrecision(5));
}
