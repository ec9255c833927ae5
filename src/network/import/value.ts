import type { Id } from '../layer.js';
import type { Shape } from '../region.js';

/** Indices that stay together in memory: a whole axis of a map, or a factor of one. */
export interface Atom {
  readonly size: number;
}

/**
 * A tensor of the file as nonn computes it. In memory it is a map `[height, width, channels]`; the file sees other axes in
 * another order (`[batch, channels, height, width]`, say, or all of them flattened). Both are lists of the same atoms,
 * so reshaping and transposing change only how the file sees it: nothing is moved before a layer asks for it.
 */
export interface Value {
  readonly kind: 'value';
  readonly layer: Id;
  readonly shape: Shape;
  /** Atoms in the order of memory; those of size 1 are left out. */
  readonly memory: readonly Atom[];
  /** The same atoms in the order in which the file sees them. */
  readonly order: readonly Atom[];
  /** Sizes of the file's axes. The batch counts as one image. */
  readonly dims: readonly number[];
}

/** What a layer of this shape gives, seen with its axes in this order: `['c', 'h', 'w']` in ONNX, `['h', 'w', 'c']` in TensorFlow. */
export function seenValue(
  layer: Id,
  shape: Shape,
  dims: readonly number[],
  axes: readonly (0 | 1 | 2)[],
): Value {
  const atoms = shape.map((size): Atom => ({ size }));
  return {
    kind: 'value',
    layer,
    shape,
    memory: atoms.filter(isReal),
    order: axes.map((axis) => atoms[axis]!).filter(isReal),
    dims,
  };
}

/**
 * The value with other axes, or undefined where they cut through its atoms.
 * @param dims sizes with the same product.
 */
export function reshaped(value: Value, dims: readonly number[]): Value | undefined {
  let { memory, order } = value;
  let position = 0;
  for (const size of dims) {
    let left = size;
    while (left > 1) {
      const atom = order[position];
      if (atom === undefined) return undefined;
      if (left % atom.size === 0) {
        left /= atom.size;
        position++;
      } else if (atom.size % left === 0) {
        const parts: readonly Atom[] = [{ size: left }, { size: atom.size / left }];
        order = order.flatMap((one) => (one === atom ? parts : [one]));
        memory = memory.flatMap((one) => (one === atom ? parts : [one]));
        position++;
        left = 1;
      } else return undefined;
    }
  }
  return { ...value, memory, order, dims };
}

/** The atoms of each of the file's axes. @returns undefined where an axis is only a part of an atom; `reshaped` never leaves any. */
export function atomsByAxis(value: Value): readonly (readonly Atom[])[] {
  let position = 0;
  return value.dims.map((size) => {
    const atoms: Atom[] = [];
    for (let left = size; left > 1; ) {
      const atom = value.order[position++]!;
      atoms.push(atom);
      left /= atom.size;
    }
    return atoms;
  });
}

/** The value with the file's axes in another order: axis i of the result is axis `permutation[i]`. */
export function permuted(value: Value, permutation: readonly number[]): Value {
  const atoms = atomsByAxis(value);
  return {
    ...value,
    order: permutation.flatMap((axis) => atoms[axis]!),
    dims: permutation.map((axis) => value.dims[axis]!),
  };
}

/** Whether two values stand in memory alike: the same element of the file at the same place. */
export function alike(a: Value, b: Value): boolean {
  const same = (x: readonly number[], y: readonly number[]) =>
    x.length === y.length && x.every((size, index) => size === y[index]);
  return same(a.shape, b.shape) && same(a.dims, b.dims) && same(signature(a), signature(b));
}

/** Sizes and steps in memory of the file's order, neighbours merged. */
function signature(value: Value): readonly number[] {
  const steps = new Map<Atom, number>();
  let step = 1;
  for (const atom of [...value.memory].reverse()) {
    steps.set(atom, step);
    step *= atom.size;
  }
  const merged: [size: number, step: number][] = [];
  for (const atom of value.order) {
    const last = merged.at(-1);
    const here = steps.get(atom)!;
    if (last !== undefined && last[1] === atom.size * here)
      merged[merged.length - 1] = [last[0] * atom.size, here];
    else merged.push([atom.size, here]);
  }
  return merged.flat();
}

/** For every place in memory, the index of its element in the file's order. */
export function fileOrder(value: Value): Int32Array | undefined {
  if (value.memory.every((atom, index) => atom === value.order[index])) return undefined;
  const steps = new Map<Atom, number>();
  let count = 1;
  for (const atom of [...value.order].reverse()) {
    steps.set(atom, count);
    count *= atom.size;
  }
  let indices = [0];
  for (const atom of value.memory) {
    const step = steps.get(atom)!;
    indices = indices.flatMap((from) => Array.from({ length: atom.size }, (_, at) => from + at * step));
  }
  return Int32Array.from(indices);
}

function isReal(atom: Atom): boolean {
  return atom.size > 1;
}
