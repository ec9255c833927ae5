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
  /** In standard deviations: `[row][column]` below the diagonal. */
  readonly squares: readonly Float64Array[];
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
 * there is one more, of that for each unit of unsteadiness.
 */
function slope(
  { axes, shares, values, unsteady }: FieldData,
  logs: readonly number[],
): { readonly likelihood: number; readonly gradient: number[] } {
  const [count, ofSignals, ofNoise] = [values.length, axes.length, axes.length + shares.length];
  const inverse = axes.map((_, axis) => Math.exp(-2 * logs[axis]!));
  const signals = shares.map((_, part) => Math.exp(logs[ofSignals + part]!));
  const noise = Math.exp(logs[ofNoise]!);
  const added = ofNoise + 1 < logs.length ? Math.exp(logs[ofNoise + 1]!) : 0;
  const lower: Float64Array[] = [];
  // Of each part: its covariance, and that one's derivative in the squared distance.
  const covariances: Float64Array[][] = shares.map(() => []);
  const falls: Float64Array[][] = shares.map(() => []);
  const squared = new Float64Array(shares.length);
  for (let row = 0; row < count; row++) {
    const line = new Float64Array(row + 1);
    for (const [part] of shares.entries()) {
      covariances[part]!.push(new Float64Array(row + 1));
      falls[part]!.push(new Float64Array(row));
    }
    for (let column = 0; column <= row; column++) {
      squared.fill(0);
      if (column < row)
        for (const [axis, { part, squares }] of axes.entries())
          squared[part]! += squares[row]![column]! * inverse[axis]!;
      for (const [part, share] of shares.entries()) {
        const both = share[row]! * share[column]! * signals[part]!;
        const value = covariance(both, squared[part]!);
        covariances[part]![row]![column] = value;
        line[column]! += value;
        if (column === row) continue;
        const scaled = Math.sqrt(5 * squared[part]!);
        falls[part]![row]![column] = -both * (5 / 6) * (1 + scaled) * Math.exp(-scaled);
      }
    }
    line[row]! += noise + added * unsteady[row]!;
    lower.push(line);
  }
  decompose(lower);
  const weights = Float64Array.from(values);
  solveLower(lower, weights);
  solveUpper(lower, weights);
  let likelihood = 0;
  for (let row = 0; row < count; row++)
    likelihood -= 0.5 * values[row]! * weights[row]! + Math.log(lower[row]![row]!);
  const inverted = invert(lower);
  const gradient = logs.map(() => 0);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < row; column++) {
      const pull = weights[row]! * weights[column]! - inverted[row]![column]!;
      for (const [axis, { part, squares }] of axes.entries())
        gradient[axis]! -= 2 * pull * falls[part]![row]![column]! * squares[row]![column]! * inverse[axis]!;
      for (const [part] of shares.entries())
        gradient[ofSignals + part]! += pull * covariances[part]![row]![column]!;
    }
    const pull = weights[row]! ** 2 - inverted[row]![row]!;
    for (const [part] of shares.entries())
      gradient[ofSignals + part]! += 0.5 * pull * covariances[part]![row]![row]!;
    gradient[ofNoise]! += 0.5 * pull * noise;
    if (added > 0) gradient[ofNoise + 1]! += 0.5 * pull * added * unsteady[row]!;
  }
  for (const [axis] of axes.entries())
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
