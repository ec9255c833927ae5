import { solvePositiveDefinite } from './positive-definite.js';

/** A nonlinear model of rows, each of one group (a run) with parameters of its own. */
export interface JointProblem {
  /** Logarithm of what was measured of each row. */
  readonly measured: readonly number[];
  /** The group of each row. */
  readonly group: readonly number[];
  /** Rows of the same item (a network) share what the model gets wrong about it. */
  readonly item: readonly string[];
  /** Logarithm of the prediction of a row; adds its derivative by each parameter to `slopes`. */
  predict(row: number, parameters: Float64Array, slopes?: Float64Array): number;
  /** Prior middle of the parameters of each group. */
  readonly middle: readonly Float64Array[];
  /** Prior covariance of each parameter between groups: [parameter][group][group]. */
  readonly covariance: readonly (readonly Float64Array[])[];
  /** Standard deviation of a row's error, and of the error that rows of one item share. */
  readonly noise: { readonly row: number; readonly item: number };
}

/** Where a fit stands: its parameters by group, and the weights that give them (to start a similar fit from). */
export interface JointFit {
  readonly parameters: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
}

const ROUNDS = 30;
const HALVINGS = 8;

/**
 * The parameters of all groups at once that are most probable: least squares of log errors with a Gaussian prior that
 * ties the groups together, by Gauss-Newton steps in the space of rows (Rasmussen and Williams, "Gaussian Processes for
 * Machine Learning", 2006, section 2.2, for the linear problem of a step), each halved until the posterior grows.
 */
export function fitJointly(problem: JointProblem, start?: JointFit): JointFit {
  const size = problem.middle[0]!.length;
  let weights = start?.weights ?? problem.middle.map(() => new Float64Array(size));
  let parameters = parametersOf(problem, weights);
  let cost = costOf(problem, parameters, weights);
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = newtonWeights(problem, parameters);
    let improved = false;
    for (let step = 1, halving = 0; halving < HALVINGS; halving++, step /= 2) {
      const trial = weights.map((of, group) =>
        of.map((value, index) => value + step * (wanted[group]![index]! - value)),
      );
      const there = parametersOf(problem, trial);
      const lower = costOf(problem, there, trial);
      if (lower >= cost) continue;
      improved = cost - lower > 1e-3;
      [weights, parameters, cost] = [trial, there, lower];
      break;
    }
    if (!improved) break;
  }
  return { parameters, weights };
}

/** middle + covariance x weights, which keeps every parameter where the prior allows it. */
function parametersOf(problem: JointProblem, weights: readonly Float64Array[]): Float64Array[] {
  const parameters = problem.middle.map((middle) => Float64Array.from(middle));
  for (const [group, own] of weights.entries())
    for (const [index, weight] of own.entries()) {
      if (weight === 0) continue;
      const row = problem.covariance[index]![group]!;
      for (let other = 0; other < parameters.length; other++)
        parameters[other]![index]! += row[other]! * weight;
    }
  return parameters;
}

/** Minus twice the log posterior, but for a constant. */
function costOf(
  { measured, group, item, predict, middle, noise }: JointProblem,
  parameters: readonly Float64Array[],
  weights: readonly Float64Array[],
): number {
  const sums = new Map<string, { square: number; sum: number; count: number }>();
  for (const [row, value] of measured.entries()) {
    const error = value - predict(row, parameters[group[row]!]!);
    const { square, sum, count } = sums.get(item[row]!) ?? { square: 0, sum: 0, count: 0 };
    sums.set(item[row]!, { square: square + error ** 2, sum: sum + error, count: count + 1 });
  }
  let cost = 0;
  const shared = noise.item ** 2 / noise.row ** 2;
  for (const { square, sum, count } of sums.values())
    cost += (square - (shared * sum ** 2) / (1 + shared * count)) / noise.row ** 2;
  for (const [index, own] of weights.entries())
    for (const [place, weight] of own.entries())
      cost += weight * (parameters[index]![place]! - middle[index]![place]!);
  return cost;
}

/** The weights that solve the problem as it looks from these parameters. */
function newtonWeights(problem: JointProblem, parameters: readonly Float64Array[]): Float64Array[] {
  const { measured, group, item, middle, covariance, noise } = problem;
  const size = middle[0]!.length;
  const slopes = measured.map(() => new Float64Array(size));
  const wanted = measured.map((value, row) => {
    const at = parameters[group[row]!]!;
    const own = slopes[row]!;
    let rest = value - problem.predict(row, at, own);
    for (let index = 0; index < size; index++)
      rest += own[index]! * (at[index]! - middle[group[row]!]![index]!);
    return rest;
  });
  const matrix = measured.map((_, i) => {
    const line = new Float64Array(measured.length);
    const a = slopes[i]!;
    for (let j = 0; j <= i; j++) {
      const b = slopes[j]!;
      let sum = item[i] === item[j] ? noise.item ** 2 : 0;
      for (let index = 0; index < size; index++)
        if (a[index] !== 0 && b[index] !== 0)
          sum += a[index]! * b[index]! * covariance[index]![group[i]!]![group[j]!]!;
      line[j] = sum;
    }
    line[i]! += noise.row ** 2;
    return line;
  });
  const solution = solvePositiveDefinite(matrix, wanted);
  const weights = middle.map(() => new Float64Array(size));
  for (const [row, value] of solution.entries())
    for (let index = 0; index < size; index++) weights[group[row]!]![index]! += slopes[row]![index]! * value;
  return weights;
}
