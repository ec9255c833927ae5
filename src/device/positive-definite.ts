/**
 * The x with A x = b for a symmetric positive definite A, by Cholesky's decomposition.
 * @param lower the lower triangle of A, one row each; overwritten.
 */
export function solvePositiveDefinite(
  lower: readonly Float64Array[],
  right: readonly number[],
): Float64Array {
  decompose(lower);
  const x = Float64Array.from(right);
  solveLower(lower, x);
  solveUpper(lower, x);
  return x;
}

/** The L with A = L Lᵀ, written over the lower triangle of A. */
export function decompose(lower: readonly Float64Array[]): void {
  const size = lower.length;
  for (let column = 0; column < size; column++) {
    const pivot = lower[column]!;
    let square = pivot[column]!;
    for (let k = 0; k < column; k++) square -= pivot[k]! ** 2;
    const diagonal = Math.sqrt(square);
    pivot[column] = diagonal;
    for (let row = column + 1; row < size; row++) {
      const line = lower[row]!;
      let sum = line[column]!;
      for (let k = 0; k < column; k++) sum -= line[k]! * pivot[k]!;
      line[column] = sum / diagonal;
    }
  }
}

/** Solves L x = b, written over b. */
export function solveLower(lower: readonly Float64Array[], x: Float64Array): void {
  for (let row = 0; row < x.length; row++) {
    for (let k = 0; k < row; k++) x[row]! -= lower[row]![k]! * x[k]!;
    x[row]! /= lower[row]![row]!;
  }
}

/** Solves Lᵀ x = b, written over b. */
export function solveUpper(lower: readonly Float64Array[], x: Float64Array): void {
  for (let row = x.length - 1; row >= 0; row--) {
    for (let k = row + 1; k < x.length; k++) x[row]! -= lower[k]![row]! * x[k]!;
    x[row]! /= lower[row]![row]!;
  }
}
