import { NonnError } from '../../../foundation/index.js';
import { arrange, asMap } from '../arrange.js';
import type { Assembly } from '../assembly.js';
import { type Constant, constant } from '../constant.js';
import { fileOrder, reshaped, seenValue, type Value } from '../value.js';

/**
 * A dense layer along the last axis. A list (2 axes) may stand in memory in any order: the rows of the matrix are put
 * into that order instead of the numbers. Of more axes, each place is a pixel of a 1x1 convolution.
 * @param matrix `[inputs, units]`.
 */
export function dense(
  assembly: Assembly,
  name: string,
  value: Value,
  units: number,
  hasBias: boolean,
  matrix?: Constant,
  bias?: Constant,
): Value {
  const rank = value.dims.length;
  const inputs = value.dims[rank - 1] ?? 0;
  if (rank < 2 || (matrix !== undefined && matrix.dims[0] !== inputs))
    throw new NonnError(
      `layer ${name}: found a matrix of ${matrix?.dims.join('x')} for a tensor of ${value.dims.join('x')}, expected as many rows as its last axis`,
    );
  const weights = (kernel: Constant) => (bias === undefined ? { kernel } : { kernel, bias });
  if (value.dims.slice(0, -1).every((size) => size === 1)) {
    const learned = matrix && weights(rowsOf(matrix, fileOrder(value)));
    const made = assembly.add(name, { kind: 'dense', units, bias: hasBias }, [value], learned);
    return seenValue(made.layer, made.shape, [...value.dims.slice(0, -1), units], [0, 1, 2]);
  }
  const middle = value.dims.map((_, axis) => axis).slice(0, -1);
  const roles = rank === 4 ? ([[1], [2], [3]] as const) : ([middle, [], [rank - 1]] as const);
  const map = arrange(assembly, value, roles);
  const window = { kernel: [1, 1], stride: [1, 1], padding: 'valid' } as const;
  const made = assembly.add(
    name,
    { kind: 'conv2d', ...window, filters: units, groups: 1, bias: hasBias },
    [map],
    matrix && weights(matrix),
  );
  const [height, width, channels] = made.shape;
  return reshaped(seenValue(made.layer, made.shape, [height, width, channels], [0, 1, 2]), [
    ...value.dims.slice(0, -1),
    units,
  ])!;
}

/** A product of two tensors that are both computed, matrix by matrix. */
export function matrixProduct(
  assembly: Assembly,
  name: string,
  a: Value,
  b: Value,
  transposeB = false,
): Value {
  const rank = a.dims.length;
  if (rank < 2 || b.dims.length !== rank)
    throw new NonnError(
      `layer ${name}: found tensors of ${a.dims.join('x')} and ${b.dims.join('x')}, expected as many axes`,
    );
  const batch = a.dims.map((_, axis) => axis).slice(0, -2);
  const roles = [batch, [rank - 2], [rank - 1]] as const;
  const made = assembly.add(name, { kind: 'matmul', transposeB }, [
    arrange(assembly, a, roles),
    arrange(assembly, b, roles),
  ]);
  const seen = seenValue(made.layer, made.shape, made.shape, [0, 1, 2]);
  return reshaped(seen, [...a.dims.slice(0, -2), made.shape[1], made.shape[2]])!;
}

/** Rows of an embedding's table, one for each index. */
export function embedding(
  assembly: Assembly,
  name: string,
  indices: Value,
  vocabulary: number,
  units: number,
  table?: Constant,
): Value {
  const list = indices.dims.length <= 4 && indices.dims.length > 2 ? asMap(assembly, indices) : indices;
  const made = assembly.add(
    name,
    { kind: 'embedding', vocabulary, units },
    [list],
    table && { embeddings: table },
  );
  return reshaped(seenValue(made.layer, made.shape, made.shape, [0, 1, 2]), [...indices.dims, units])!;
}

/** The matrix with its rows in another order: row i of the result is row `order[i]`. */
function rowsOf(matrix: Constant, order: Int32Array | undefined): Constant {
  if (order === undefined) return matrix;
  const [, units] = matrix.dims as [number, number];
  return constant(matrix.name, matrix.dims, () => {
    const from = matrix.numbers();
    const to = new Float32Array(from.length);
    for (const [row, source] of order.entries())
      to.set(from.subarray(source * units, (source + 1) * units), row * units);
    return to;
  });
}
