import { asMap, reshape } from '../../arrange.js';
import { type Constant, constant, constantOf, listOf, transposed } from '../../constant.js';
import { embedding } from '../../emit/matrix.js';
import { concat, pad, reduce, slice } from '../../emit/movement.js';
import { concatConstants, expandConstant, reshapeConstant, takeConstant } from '../../fold.js';
import type { NodeReader, Operand, OperatorImport } from '../../graph/node.js';
import { permuted } from '../../value.js';

/** Operators that move numbers, or tell and change shapes. */
export const shapeOperators: Readonly<Record<string, OperatorImport>> = {
  Constant: (node) => {
    const tensor = node.tensor('value');
    if (tensor !== undefined) return tensor;
    const single = node.attribute('value_float')?.float ?? node.attribute('value_int')?.integer;
    if (single !== undefined) return constantOf(node.name, [], [single]);
    const list = node.attribute('value_floats')?.floats ?? node.attribute('value_ints')?.integers;
    if (list !== undefined) return constantOf(node.name, [list.length], list);
    throw node.wrong('no value that is a number', 'one');
  },
  ConstantOfShape: (node) => {
    const value = node.tensor('value');
    if (value !== undefined && value.count !== 1)
      throw node.wrong(`a value of ${value.count} numbers`, 'one');
    const dims = listOf(node.constant(0));
    const filled = constant(node.name, dims, () =>
      new Float32Array(filled.count).fill(value?.numbers()[0] ?? 0),
    );
    return filled;
  },
  Shape: (node) => {
    const { dims } = node.operand(0);
    const [start, end] = [node.integer('start', 0), node.integer('end', dims.length)];
    const part = dims.slice(start, end);
    return constantOf(node.name, [part.length], part);
  },
  Size: (node) =>
    constantOf(node.name, [], [node.operand(0).dims.reduce((product, size) => product * size, 1)]),
  Range: (node) => {
    const [start, limit, delta] = [0, 1, 2].map((index) => listOf(node.constant(index))[0]!) as [
      number,
      number,
      number,
    ];
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(count <= 1e6)) throw node.wrong(`a range of ${count} numbers`, 'at most a million');
    return constantOf(
      node.name,
      [count],
      Array.from({ length: count }, (_, index) => start + index * delta),
    );
  },
  Expand: (node) => expandConstant(node.constant(0), listOf(node.constant(1))),
  Gather: gather,
  Reshape: (node) => {
    const wanted = node.list(1, 'shape');
    if (wanted === undefined) throw node.wrong('no shape', 'one');
    return seenAs(node, sizesOf(node, node.operand(0).dims, wanted));
  },
  Flatten: (node) => {
    const { dims } = node.operand(0);
    const axis = node.integer('axis', 1);
    const cut = axis < 0 ? axis + dims.length : axis;
    const size = (part: readonly number[]) => part.reduce((product, one) => product * one, 1);
    return seenAs(node, [size(dims.slice(0, cut)), size(dims.slice(cut))]);
  },
  Squeeze: (node) => {
    const { dims } = node.operand(0);
    const axes = node.list(1, 'axes')?.map((axis) => node.axis(axis, dims.length));
    if (axes?.some((axis) => dims[axis] !== 1))
      throw node.wrong(`axes ${axes.join(', ')} of ${dims.join('x')}`, 'axes of length 1');
    return seenAs(
      node,
      dims.filter((size, axis) => (axes === undefined ? size !== 1 || axis === 0 : !axes.includes(axis))),
    );
  },
  Unsqueeze: (node) => {
    const { dims } = node.operand(0);
    const given = node.list(1, 'axes') ?? [];
    const rank = dims.length + given.length;
    const axes = new Set(given.map((axis) => node.axis(axis, rank)));
    const rest = [...dims];
    return seenAs(
      node,
      Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (rest.shift() ?? 1))),
    );
  },
  Transpose: (node) => {
    const operand = node.operand(0);
    const rank = operand.dims.length;
    const permutation = node.integers('perm') ?? operand.dims.map((_, axis) => rank - 1 - axis);
    if (
      [...permutation].sort((a, b) => a - b).some((axis, index) => axis !== index) ||
      permutation.length !== rank
    )
      throw node.wrong(`the permutation ${permutation.join(', ')} of ${rank} axes`, 'each axis once');
    return operand.kind === 'constant' ? transposed(operand, permutation) : permuted(operand, permutation);
  },
  Concat: (node) => {
    const operands = node.inputs.map((_, index) => node.operand(index));
    const axis = node.axis(node.integer('axis', 1), node.operand(0).dims.length);
    return operands.every((operand) => operand.kind === 'constant')
      ? concatConstants(operands as readonly Constant[], axis)
      : concat(node.assembly, node.name, operands, axis);
  },
  Slice: (node) => {
    const operand = node.operand(0);
    const [starts, ends] = [node.list(1, 'starts'), node.list(2, 'ends')];
    if (starts === undefined || ends === undefined) throw node.wrong('no starts and ends', 'both');
    const axes = node.list(3, 'axes') ?? starts.map((_, index) => index);
    const steps = node.list(4, 'steps') ?? starts.map(() => 1);
    return sliced(node, operand, axes, starts, ends, steps);
  },
  Split: (node) => {
    const operand = node.operand(0);
    const rank = operand.dims.length;
    const axis = node.axis(node.integer('axis', 0), rank);
    const outputs = node.node.outputs.length;
    const size = operand.dims[axis]!;
    const even = Math.ceil(size / outputs);
    const parts =
      node.list(1, 'split') ??
      Array.from({ length: outputs }, (_, index) => Math.min(even, size - index * even));
    if (parts.length !== outputs || parts.reduce((sum, part) => sum + part, 0) !== size)
      throw node.wrong(`parts of ${parts.join(', ')}`, `${outputs} that add up to ${size}`);
    let from = 0;
    return parts.map((part) => {
      from += part;
      return sliced(node, operand, [axis], [from - part], [from], [1]);
    });
  },
  Pad: (node) => {
    const value = node.value(0);
    const pads = node.list(1, 'pads') ?? [];
    const axes =
      node.list(3, 'axes')?.map((axis) => node.axis(axis, value.dims.length)) ??
      value.dims.map((_, axis) => axis);
    const mode = node.text('mode', 'constant');
    if (pads.length !== 2 * axes.length) throw node.wrong(`${pads.length} pads`, `${2 * axes.length}`);
    if (mode !== 'constant' && mode !== 'reflect') throw node.wrong(`mode ${mode}`, 'constant or reflect');
    const margins = value.dims.map((_, axis) => {
      const at = axes.indexOf(axis);
      return at < 0 ? ([0, 0] as const) : ([pads[at]!, pads[at + axes.length]!] as const);
    });
    return pad(node.assembly, node.name, value, margins, mode, node.number(2, 'value') ?? 0);
  },
  GlobalAveragePool: (node) => globalPool(node, 'globalAvgPool'),
  GlobalMaxPool: (node) => globalPool(node, 'globalMaxPool'),
  ReduceMean: (node) => reduction(node, 'globalAvgPool'),
  ReduceMax: (node) => reduction(node, 'globalMaxPool'),
  ReduceProd: (node) => {
    const product = listOf(node.constant(0)).reduce((all, one) => all * one, 1);
    return constantOf(node.name, node.integer('keepdims', 1) === 1 ? [1] : [], [product]);
  },
  SpaceToDepth: (node) => {
    const map = asMap(node.assembly, node.value(0));
    const block = node.integer('blocksize', 0);
    // ONNX orders by block row, block column, channel, as nonn does.
    return node.assembly.mapOf(node.assembly.add(node.name, { kind: 'spaceToDepth', block }, [map]), 4);
  },
  DepthToSpace: (node) => {
    const map = asMap(node.assembly, node.value(0));
    const block = node.integer('blocksize', 0);
    const order = node.text('mode', 'DCR') === 'CRD' ? 'last' : 'first';
    return node.assembly.mapOf(
      node.assembly.add(node.name, { kind: 'depthToSpace', block, order }, [map]),
      4,
    );
  },
};

function globalPool(node: NodeReader, kind: 'globalAvgPool' | 'globalMaxPool'): Operand {
  const value = node.value(0);
  const axes = value.dims.map((_, axis) => axis).slice(2);
  return reduce(node.assembly, node.name, value, axes, kind, true);
}

function reduction(node: NodeReader, kind: 'globalAvgPool' | 'globalMaxPool'): Operand {
  const value = node.value(0);
  const rank = value.dims.length;
  const axes = (node.list(1, 'axes') ?? value.dims.map((_, axis) => axis)).map((axis) =>
    node.axis(axis, rank),
  );
  return reduce(node.assembly, node.name, value, axes, kind, node.integer('keepdims', 1) === 1);
}

function seenAs(node: NodeReader, dims: readonly number[]): Operand {
  const operand = node.operand(0);
  return operand.kind === 'constant' ? reshapeConstant(operand, dims) : reshape(node.assembly, operand, dims);
}

/** Reshape's sizes: 0 keeps one, -1 is what is left; the batch that a file was exported with counts as one image. */
function sizesOf(node: NodeReader, dims: readonly number[], wanted: readonly number[]): readonly number[] {
  const keep = node.integer('allowzero', 0) === 0;
  const count = dims.reduce((product, size) => product * size, 1);
  const sizes = wanted.map((size, axis) => (size === 0 && keep ? (dims[axis] ?? 1) : size));
  const known = (list: readonly number[]) =>
    list.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const open = sizes.filter((size) => size === -1).length;
  if (open === 0 && known(sizes) === sizes[0]! * count) sizes[0] = 1;
  if (open > 1 || sizes.some((size) => size < -1))
    throw node.wrong(`the shape ${wanted.join(', ')}`, 'at most one -1');
  if (
    open === 1 &&
    sizes[0] !== -1 &&
    sizes[0]! > 1 &&
    count % known(sizes) !== 0 &&
    count % (known(sizes) / sizes[0]!) === 0
  )
    sizes[0] = 1;
  return sizes.map((size) => (size === -1 ? count / known(sizes) : size));
}

function sliced(
  node: NodeReader,
  operand: Operand,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
): Operand {
  const rank = operand.dims.length;
  if (starts.length !== ends.length || axes.length !== starts.length || steps.length !== starts.length)
    throw node.wrong('lists of different lengths', 'a start, an end and a step for each axis');
  const parts = new Map<number, { begin: number; size: number; step: number }>();
  for (const [index, given] of axes.entries()) {
    const axis = node.axis(given, rank);
    const size = operand.dims[axis]!;
    const step = steps[index]!;
    if (!(step >= 1)) throw node.wrong(`a step of ${step}`, '1 or more');
    const place = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    const [begin, end] = [place(starts[index]!), place(ends[index]!)];
    parts.set(axis, { begin, size: Math.max(0, Math.ceil((end - begin) / step)), step });
  }
  if (operand.kind === 'value') return slice(node.assembly, node.name, operand, parts);
  let result: Constant = operand;
  for (const [axis, { begin, size, step }] of parts) {
    if (size > 1e6) throw node.wrong(`a part of ${size} elements of a constant`, 'at most a million');
    const indices = Array.from({ length: size }, (_, index) => begin + index * step);
    result = takeConstant(result, axis, indices, [size]);
  }
  return result;
}

function gather(node: NodeReader): Operand {
  const [table, indices] = [node.operand(0), node.operand(1)];
  const axis = node.axis(node.integer('axis', 0), Math.max(1, table.dims.length));
  if (table.kind === 'constant' && indices.kind === 'value') {
    if (axis !== 0 || table.dims.length !== 2)
      throw node.wrong(`a table of ${table.dims.join('x')} along axis ${axis}`, 'rows of a matrix');
    return embedding(node.assembly, node.name, indices, table.dims[0]!, table.dims[1]!, table);
  }
  const places = listOf(node.constant(1));
  if (table.kind === 'constant') return takeConstant(table, axis, places, node.constant(1).dims);
  const size = table.dims[axis]!;
  const begin = places[0]! < 0 ? places[0]! + size : places[0]!;
  if (places.some((place, index) => (place < 0 ? place + size : place) !== begin + index))
    throw node.wrong(`the indices ${places.slice(0, 8).join(', ')}`, 'neighbours, which are a slice');
  const part = slice(
    node.assembly,
    node.name,
    table,
    new Map([[axis, { begin, size: places.length, step: 1 }]]),
  );
  const dims = [...table.dims.slice(0, axis), ...node.constant(1).dims, ...table.dims.slice(axis + 1)];
  return reshape(node.assembly, part, dims);
}
