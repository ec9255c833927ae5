import { nonNegativeLeastSquares } from './least-squares.js';

/** Work of one family in something that was measured as a whole. */
export interface FittedKernel {
  /** Place of its family in the parameters. */
  readonly family: number;
  readonly count: number;
  readonly flops: number;
  readonly bytes: number;
}

/** A measured network, or a single measured kernel: what ran, for how many seconds, and how much it counts. */
export interface FittedRow {
  readonly kernels: readonly FittedKernel[];
  readonly seconds: number;
  readonly weight: number;
}

/** Three numbers a family, one after the other: seconds a FLOP, seconds a byte, seconds a kernel. */
export type RooflineParameters = readonly number[];

/** Numbers a family has in `RooflineParameters`. */
const PER_FAMILY = 3;
const ROUNDS = 30;

/**
 * Fits `max(flops / rate, bytes / bandwidth) + overhead` a family to sums of kernels, so that the sum of squared
 * relative errors is least. The maximum is not linear: each round takes every kernel as limited by compute or by
 * memory, as the parameters of the round before have it, and solves what is then a non-negative least-squares
 * problem; going half of the way each time keeps the assignment from swinging.
 *
 * @param prior positive parameters; each square of (parameter / prior - 1) costs `strength`, which decides what the
 *   rows cannot tell apart.
 * @param least what each parameter is at least: the limits of the hardware.
 */
export function fitRoofline(
  rows: readonly FittedRow[],
  prior: RooflineParameters,
  strength: number,
  least: RooflineParameters,
): RooflineParameters {
  let parameters = prior.map((value, index) => Math.max(value, least[index]!));
  let before = '';
  for (let round = 0; round < ROUNDS; round++) {
    const { matrix, wanted, assignment } = linearise(rows, parameters, prior, strength);
    const floor = least.map((value, index) => value / prior[index]!);
    const remaining = wanted.map(
      (value, row) => value - matrix[row]!.reduce((sum, factor, index) => sum + factor * floor[index]!, 0),
    );
    const above = nonNegativeLeastSquares(matrix, remaining);
    parameters = parameters.map(
      (value, index) => 0.5 * value + 0.5 * (floor[index]! + above[index]!) * prior[index]!,
    );
    if (assignment === before && round > 10) break;
    before = assignment;
  }
  return parameters;
}

/** Seconds of kernels, one after the other. */
export function rooflineSeconds(kernels: readonly FittedKernel[], parameters: RooflineParameters): number {
  return kernels.reduce((sum, { family, count, flops, bytes }) => {
    const at = PER_FAMILY * family;
    const busy = Math.max(flops * parameters[at]!, bytes * parameters[at + 1]!);
    return sum + count * (busy + parameters[at + 2]!);
  }, 0);
}

/** The linear problem of one round: columns are parameters as shares of their priors. */
function linearise(
  rows: readonly FittedRow[],
  parameters: RooflineParameters,
  prior: RooflineParameters,
  strength: number,
): { matrix: number[][]; wanted: number[]; assignment: string } {
  const matrix: number[][] = [];
  const wanted: number[] = [];
  let assignment = '';
  for (const { kernels, seconds, weight } of rows) {
    const row = new Array<number>(prior.length).fill(0);
    for (const { family, count, flops, bytes } of kernels) {
      const at = PER_FAMILY * family;
      const compute = flops * parameters[at]! >= bytes * parameters[at + 1]!;
      assignment += compute ? 'c' : 'm';
      row[compute ? at : at + 1]! += count * (compute ? flops : bytes);
      row[at + 2]! += count;
    }
    matrix.push(row.map((value, index) => (value * prior[index]! * weight) / seconds));
    wanted.push(weight);
  }
  for (let index = 0; index < prior.length; index++) {
    const row = new Array<number>(prior.length).fill(0);
    row[index] = Math.sqrt(strength);
    matrix.push(row);
    wanted.push(Math.sqrt(strength));
  }
  return { matrix, wanted, assignment };
}
