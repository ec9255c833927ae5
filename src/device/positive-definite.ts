/**
 * The x with A x = b for a symmetric positive definite A, by Cholesky's decomposition.
 * @param lower the lower triangle of A, one row each; overwritten.
 */
export function solvePositiveDefinite(
  lower: readonly Float64Array[],
  right: readonly number[],
): Float64Array {
  const size = right.length;
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
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) x[row]! -= lower[row]![k]! * x[k]!;
    x[row]! /= lower[row]![row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) x[row]! -= lower[k]![row]! * x[k]!;
    x[row]! /= lower[row]![row]!;
  }
  return x;
}
