import { NonnError } from '../../foundation/index.js';
import { type Constant, constant, derived } from './constant.js';

/** The same numbers with other sizes. @throws NonnError for another number of elements. */
export function reshapeConstant(value: Constant, dims: readonly number[]): Constant {
  const result = { ...constant(value.name, dims, value.numbers), steps: value.steps ?? 0 };
  if (result.count !== value.count)
    throw new NonnError(
      `tensor ${value.name}: found a reshape from ${value.dims.join('x')} to ${dims.join('x')}, expected as many elements`,
    );
  return result;
}

/** A function of every number. */
export function mapConstant(value: Constant, fn: (x: number) => number): Constant {
  return derived(value.name, value.dims, [value], () => value.numbers().map(fn));
}

/** Two constants element by element; axes of length 1, and axes that are missing in front, are repeated. */
export function combineConstants(a: Constant, b: Constant, fn: (x: number, y: number) => number): Constant {
  const rank = Math.max(a.dims.length, b.dims.length);
  const full = ({ dims }: Constant) => [...new Array<number>(rank - dims.length).fill(1), ...dims];
  const [left, right] = [full(a), full(b)];
  const dims = left.map((size, axis) => {
    if (size !== right[axis] && size !== 1 && right[axis] !== 1)
      throw new NonnError(
        `tensor ${a.name}: found sizes ${a.dims.join('x')} and ${b.dims.join('x')}, expected equal ones, or 1 where one is repeated`,
      );
    return size === 1 ? right[axis]! : size;
  });
  return derived(a.name, dims, [a, b], () => {
    const [from, other] = [expand(a.numbers(), left, dims), expand(b.numbers(), right, dims)];
    return from.map((x, index) => fn(x, other[index]!));
  });
}

/** Repeats along axes of length 1, and axes that are missing in front. */
export function expandConstant(value: Constant, dims: readonly number[]): Constant {
  const ones = constant(value.name, dims, () => new Float64Array(1));
  const rank = Math.max(value.dims.length, dims.length);
  const left = [...new Array<number>(rank - value.dims.length).fill(1), ...value.dims];
  const right = [...new Array<number>(rank - dims.length).fill(1), ...ones.dims];
  const result = left.map((size, axis) => (size === 1 ? right[axis]! : size));
  return derived(value.name, result, [value], () => expand(value.numbers(), left, result));
}

/** Constants one after the other. */
export function concatConstants(values: readonly Constant[], axis: number): Constant {
  const [first] = values as readonly [Constant, ...Constant[]];
  const dims = first.dims.map((size, at) =>
    at === axis ? values.reduce((sum, value) => sum + (value.dims[at] ?? 0), 0) : size,
  );
  const fits = values.every(
    (value) =>
      value.dims.length === dims.length && value.dims.every((size, at) => at === axis || size === dims[at]),
  );
  if (!fits || axis >= dims.length)
    throw new NonnError(
      `tensor ${first.name}: found constants that do not fit along axis ${axis}, expected equal other sizes`,
    );
  return derived(first.name, dims, values, () => {
    const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
    const outer = dims.slice(0, axis).reduce((product, size) => product * size, 1);
    const parts = values.map((value) => ({ numbers: value.numbers(), run: value.dims[axis]! * inner }));
    const result = new Float64Array(dims.reduce((product, size) => product * size, 1));
    let to = 0;
    for (let at = 0; at < outer; at++)
      for (const { numbers, run } of parts) {
        result.set(numbers.subarray(at * run, (at + 1) * run), to);
        to += run;
      }
    return result;
  });
}

/** The elements at these indices along an axis; an index below zero counts from the end. */
export function takeConstant(
  value: Constant,
  axis: number,
  indices: readonly number[],
  kept: readonly number[],
): Constant {
  const size = value.dims[axis] ?? 0;
  const places = indices.map((index) => (index < 0 ? index + size : index));
  const wrong = places.find((index) => !Number.isSafeInteger(index) || index < 0 || index >= size);
  if (wrong !== undefined)
    throw new NonnError(
      `tensor ${value.name}: found index ${wrong} along an axis of ${size}, expected one below it`,
    );
  const dims = [...value.dims.slice(0, axis), ...kept, ...value.dims.slice(axis + 1)];
  return derived(value.name, dims, [value], () => {
    const inner = value.dims.slice(axis + 1).reduce((product, one) => product * one, 1);
    const outer = value.dims.slice(0, axis).reduce((product, one) => product * one, 1);
    const from = value.numbers();
    const result = new Float64Array(outer * places.length * inner);
    let to = 0;
    for (let at = 0; at < outer; at++)
      for (const place of places) {
        result.set(from.subarray((at * size + place) * inner, (at * size + place + 1) * inner), to);
        to += inner;
      }
    return result;
  });
}

function expand(
  numbers: Float32Array | Float64Array,
  from: readonly number[],
  to: readonly number[],
): Float32Array | Float64Array {
  if (from.every((size, axis) => size === to[axis])) return numbers;
  const count = to.reduce((product, size) => product * size, 1);
  const result = numbers instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const steps = new Array<number>(from.length).fill(0);
  let step = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    if (from[axis]! > 1) steps[axis] = step;
    step *= from[axis]!;
  }
  const at = new Array<number>(to.length).fill(0);
  let source = 0;
  for (let index = 0; index < count; index++) {
    result[index] = numbers[source]!;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      if (++at[axis]! < to[axis]!) break;
      source -= steps[axis]! * to[axis]!;
      at[axis] = 0;
    }
  }
  return result;
}
