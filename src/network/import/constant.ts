import { NonnError } from '../../foundation/index.js';

/** A tensor that a file carries. Its numbers are made anew at every call, so that a large network never stands in memory twice. */
export interface Constant {
  readonly kind: 'constant';
  readonly name: string;
  readonly dims: readonly number[];
  readonly count: number;
  /** In row-major order. @throws NonnError for numbers that cannot be read. */
  numbers(): Float32Array | Float64Array;
  /** Computations between the file and these numbers; 0 where they are kept. */
  readonly steps?: number;
}

/** @throws NonnError for sizes that no file can mean. */
export function constant(
  name: string,
  dims: readonly number[],
  numbers: () => Float32Array | Float64Array,
): Constant {
  return { kind: 'constant', name, dims, count: countOf(name, dims), numbers };
}

/**
 * A constant that is computed from others. Small ones are kept once they are known, since shapes are computed from shapes
 * in long chains; large ones, weights, are computed again at every call.
 * @throws NonnError for large ones that many steps lie behind: each could double the work.
 */
export function derived(
  name: string,
  dims: readonly number[],
  from: readonly Constant[],
  numbers: () => Float32Array | Float64Array,
): Constant {
  const result = constant(name, dims, numbers);
  const steps = 1 + from.reduce((most, { steps: before = 0 }) => Math.max(most, before), 0);
  if (result.count > MOST_KEPT) {
    if (steps > MOST_STEPS)
      throw new NonnError(
        `tensor ${name}: found a large constant that ${steps} operators compute, expected at most ${MOST_STEPS}`,
      );
    return { ...result, steps };
  }
  let kept: Float32Array | Float64Array | undefined;
  return {
    ...result,
    numbers() {
      kept ??= numbers();
      return kept;
    },
  };
}

/** A small constant made of numbers, such as a shape. */
export function constantOf(name: string, dims: readonly number[], values: readonly number[]): Constant {
  return constant(name, dims, () => Float64Array.from(values));
}

/** The number of elements of these sizes. @throws NonnError for sizes that no file can mean. */
export function countOf(name: string, dims: readonly number[]): number {
  const count = dims.reduce((product, size) => product * size, 1);
  const whole = dims.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!whole || dims.length > MOST_DIMS || count > MOST_NUMBERS)
    throw new NonnError(
      `tensor ${name}: found sizes ${dims.slice(0, MOST_DIMS).join('x')}, expected at most ${MOST_DIMS} whole numbers with a product below 2^40`,
    );
  return count;
}

/** All numbers of a small constant. @throws NonnError where it has too many to be a shape or a list of settings. */
export function listOf(value: Constant): readonly number[] {
  if (value.count > MOST_LISTED)
    throw new NonnError(
      `tensor ${value.name}: found ${value.count} numbers, expected at most ${MOST_LISTED} where a layer is described`,
    );
  return Array.from(value.numbers());
}

/** The one number of a constant. */
export function scalarOf(value: Constant): number {
  if (value.count !== 1)
    throw new NonnError(`tensor ${value.name}: found ${value.count} numbers, expected one`);
  return value.numbers()[0]!;
}

/** As float32, without a copy where it is float32 already. */
export function floats(value: Constant): Float32Array {
  const numbers = value.numbers();
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}

/** The same numbers, with axis i of the result being axis `permutation[i]`. */
export function transposed(value: Constant, permutation: readonly number[]): Constant {
  const dims = permutation.map((axis) => value.dims[axis]!);
  return derived(value.name, dims, [value], () => transposeNumbers(value.numbers(), value.dims, permutation));
}

/** Row-major numbers of `dims` with their axes permuted. */
export function transposeNumbers<T extends Float32Array | Float64Array>(
  numbers: T,
  dims: readonly number[],
  permutation: readonly number[],
): T {
  const rank = dims.length;
  const result = numbers.slice() as T;
  if (numbers.length === 0 || rank === 0) return result;
  const strides = new Array<number>(rank).fill(1);
  for (let axis = rank - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  const sizes = permutation.map((axis) => dims[axis]!);
  const steps = permutation.map((axis) => strides[axis]!);
  const inner = sizes[rank - 1]!;
  const innerStep = steps[rank - 1]!;
  const at = new Array<number>(rank).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to += inner) {
    for (let index = 0; index < inner; index++) result[to + index] = numbers[from + index * innerStep]!;
    for (let axis = rank - 2; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      at[axis] = 0;
    }
  }
  return result;
}

/** Tensors of more axes than this mean nothing to an image network. */
const MOST_DIMS = 16;
const MOST_NUMBERS = 2 ** 40;
/** More numbers than any shape, list of pads or constant map that a layer is described with. */
const MOST_LISTED = 1_000_000;
const MOST_KEPT = 4096;
const MOST_STEPS = 6;
