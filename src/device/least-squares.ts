/**
 * The x >= 0 that minimises |A x - b|, by the active-set method of Lawson and Hanson, "Solving Least Squares
 * Problems" (1974), chapter 23, on the normal equations.
 *
 * @param rows A, one array a row, all of one length.
 * @param wanted b, one number a row.
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
): readonly number[] {
  const columns = rows[0]?.length ?? 0;
  const { gram, moments } = normalEquations(rows, wanted, columns);
  const x = new Array<number>(columns).fill(0);
  const free = new Set<number>();
  // Each round frees one variable; three rounds a variable are more than the method needs in practice.
  for (let round = 0; round < 3 * columns; round++) {
    const entering = steepest(gram, moments, x, free);
    if (entering < 0) break;
    free.add(entering);
    moveToFeasibleMinimum(gram, moments, x, free);
  }
  return x;
}

const TOLERANCE = 1e-12;

function normalEquations(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
  columns: number,
): { gram: number[][]; moments: number[] } {
  const gram = Array.from({ length: columns }, () => new Array<number>(columns).fill(0));
  const moments = new Array<number>(columns).fill(0);
  for (const [index, row] of rows.entries())
    for (let i = 0; i < columns; i++) {
      if (row[i] === 0) continue;
      moments[i]! += row[i]! * wanted[index]!;
      for (let j = 0; j < columns; j++) gram[i]![j]! += row[i]! * row[j]!;
    }
  return { gram, moments };
}

/** The bound variable whose release lowers the sum of squares fastest, or -1 at the optimum. */
function steepest(gram: number[][], moments: number[], x: number[], free: ReadonlySet<number>): number {
  let best = -1;
  let steepestSlope = 1e-10;
  for (let j = 0; j < x.length; j++) {
    if (free.has(j)) continue;
    const slope = moments[j]! - gram[j]!.reduce((sum, value, i) => sum + value * x[i]!, 0);
    if (slope > steepestSlope) {
      best = j;
      steepestSlope = slope;
    }
  }
  return best;
}

/** Walks towards the minimum over the free variables and binds those that would turn negative on the way. */
function moveToFeasibleMinimum(gram: number[][], moments: number[], x: number[], free: Set<number>): void {
  while (free.size > 0) {
    const indices = [...free].sort((a, b) => a - b);
    const target = solve(
      indices.map((i) => indices.map((j) => gram[i]![j]!)),
      indices.map((i) => moments[i]!),
    );
    let step = 1;
    for (const [position, i] of indices.entries())
      if (target[position]! <= TOLERANCE) step = Math.min(step, x[i]! / (x[i]! - target[position]!));
    for (const [position, i] of indices.entries()) x[i]! += step * (target[position]! - x[i]!);
    if (target.every((value) => value > TOLERANCE)) return;
    for (const i of indices)
      if (x[i]! <= TOLERANCE) {
        x[i] = 0;
        free.delete(i);
      }
  }
}

/** Gaussian elimination with partial pivoting; a variable without a pivot is 0. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const diagonal = rows[column]![column]!;
    if (Math.abs(diagonal) < 1e-14) continue;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / diagonal;
      if (factor !== 0) for (let k = column; k <= size; k++) rows[row]![k]! -= factor * rows[column]![k]!;
    }
  }
  return rows.map((row, index) => (Math.abs(row[index]!) < 1e-14 ? 0 : row[size]! / row[index]!));
}
