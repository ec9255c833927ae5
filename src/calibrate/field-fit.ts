import { covariance, decompose, solveLower, solveUpper } from '../device/index.js';

/** How a field varies: see `LearnedLatency`. */
export interface FieldFit {
  readonly lengths: readonly number[];
  readonly signal: number;
  readonly noise: number;
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
/** A coordinate that never changes says nothing. */
const NO_MATTER = 1e6;

/**
 * Lengths, signal and noise under which the values are likeliest (Rasmussen, Williams, 2006, equations 5.8 and 5.9), by
 * resilient ascent of the logarithm's gradient (Riedmiller, Braun, 1993).
 * @param points coordinates of each value; a few hundred, since a round takes their number cubed.
 */
export function fitField(points: readonly (readonly number[])[], values: readonly number[]): FieldFit {
  const deviations = (points[0] ?? []).map((_, axis) => deviation(points.map((point) => point[axis]!)));
  const axes = deviations.flatMap((size, axis) => (size > 0 ? [axis] : []));
  const squares = axes.map((axis) => pairwise(points, axis, deviations[axis]!));
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  let logs = [
    ...axes.map(() => Math.log(USUAL_LENGTH)),
    Math.log(0.8 * variance + 1e-6),
    2 * Math.log(USUAL_NOISE),
  ];
  let steps = logs.map(() => 0.2);
  let before = logs.map(() => 0);
  let best = { likelihood: Number.NEGATIVE_INFINITY, logs };
  for (let round = 0; round < ROUNDS; round++) {
    const { likelihood, gradient } = slope(squares, values, logs);
    if (likelihood > best.likelihood) best = { likelihood, logs };
    const turns = gradient.map((value, index) => Math.sign(value) * Math.sign(before[index]!));
    steps = steps.map((step, index) =>
      turns[index]! > 0 ? Math.min(0.7, step * 1.25) : turns[index]! < 0 ? Math.max(1e-3, step * 0.5) : step,
    );
    before = gradient.map((value, index) => (turns[index]! < 0 ? 0 : value));
    logs = logs.map((log, index) => bounded(index, log + Math.sign(before[index]!) * steps[index]!));
  }
  const lengths = deviations.map(() => NO_MATTER);
  for (const [index, axis] of axes.entries())
    lengths[axis] = significant(Math.exp(best.logs[index]!) * deviations[axis]!);
  const [signal, noise] = best.logs.slice(axes.length).map((log) => significant(Math.exp(log)));
  return { lengths, signal: signal!, noise: noise! };

  function bounded(index: number, log: number): number {
    if (index < axes.length) return Math.min(LENGTH_BOUNDS[1], Math.max(LENGTH_BOUNDS[0], log));
    if (index === axes.length) return Math.max(Math.log(1e-6), log);
    return Math.min(2 * Math.log(NOISE_BOUNDS[1]), Math.max(2 * Math.log(NOISE_BOUNDS[0]), log));
  }
}

/** The logarithm of the likelihood, and its gradient in the logarithms of lengths, signal and noise. */
function slope(
  squares: readonly (readonly Float64Array[])[],
  values: readonly number[],
  logs: readonly number[],
): { readonly likelihood: number; readonly gradient: number[] } {
  const count = values.length;
  const axes = squares.length;
  const inverse = squares.map((_, axis) => Math.exp(-2 * logs[axis]!));
  const [signal, noise] = [Math.exp(logs[axes]!), Math.exp(logs[axes + 1]!)];
  const lower: Float64Array[] = [];
  const covariances: Float64Array[] = [];
  // The derivative of the covariance in the squared distance.
  const falls: Float64Array[] = [];
  for (let row = 0; row < count; row++) {
    const line = new Float64Array(row + 1);
    const fall = new Float64Array(row);
    for (let column = 0; column < row; column++) {
      let squared = 0;
      for (let axis = 0; axis < axes; axis++) squared += squares[axis]![row]![column]! * inverse[axis]!;
      line[column] = covariance(signal, squared);
      const scaled = Math.sqrt(5 * squared);
      fall[column] = -signal * (5 / 6) * (1 + scaled) * Math.exp(-scaled);
    }
    line[row] = signal + noise;
    lower.push(line);
    covariances.push(Float64Array.from(line));
    falls.push(fall);
  }
  decompose(lower);
  const weights = Float64Array.from(values);
  solveLower(lower, weights);
  solveUpper(lower, weights);
  let likelihood = 0;
  for (let row = 0; row < count; row++)
    likelihood -= 0.5 * values[row]! * weights[row]! + Math.log(lower[row]![row]!);
  const inverted = invert(lower);
  const gradient = new Array<number>(axes + 2).fill(0);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < row; column++) {
      const pull = weights[row]! * weights[column]! - inverted[row]![column]!;
      const fall = pull * falls[row]![column]!;
      for (let axis = 0; axis < axes; axis++)
        gradient[axis]! -= 2 * fall * squares[axis]![row]![column]! * inverse[axis]!;
      gradient[axes]! += pull * covariances[row]![column]!;
    }
    const pull = weights[row]! ** 2 - inverted[row]![row]!;
    gradient[axes]! += 0.5 * pull * signal;
    gradient[axes + 1]! += 0.5 * pull * noise;
  }
  for (let axis = 0; axis < axes; axis++)
    gradient[axis]! -= (logs[axis]! - Math.log(USUAL_LENGTH)) / LENGTH_SPREAD ** 2;
  return { likelihood, gradient };
}

/** The lower triangle of the inverse of L Lᵀ. */
function invert(lower: readonly Float64Array[]): readonly Float64Array[] {
  const size = lower.length;
  const inverse = lower.map((_, row) => new Float64Array(row + 1));
  for (let column = 0; column < size; column++) {
    inverse[column]![column] = 1 / lower[column]![column]!;
    for (let row = column + 1; row < size; row++) {
      const line = lower[row]!;
      let sum = 0;
      for (let k = column; k < row; k++) sum -= line[k]! * inverse[k]![column]!;
      inverse[row]![column] = sum / line[row]!;
    }
  }
  const product = lower.map((_, row) => new Float64Array(row + 1));
  for (const line of inverse)
    for (let row = 0; row < line.length; row++) {
      const value = line[row]!;
      const into = product[row]!;
      for (let column = 0; column <= row; column++) into[column]! += value * line[column]!;
    }
  return product;
}

/** Squared differences of one coordinate, in its standard deviations: `[row][column]` below the diagonal. */
function pairwise(points: readonly (readonly number[])[], axis: number, size: number): Float64Array[] {
  return points.map((point, row) =>
    Float64Array.from({ length: row }, (_, column) => ((point[axis]! - points[column]![axis]!) / size) ** 2),
  );
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const size = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return size > 1e-9 ? size : 0;
}

function significant(value: number): number {
  return Number(value.toPrecision(5));
}
