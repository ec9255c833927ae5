import { asMap, reshape } from '../../arrange.js';
import { type Constant, constantOf, listOf, transposed } from '../../constant.js';
import { embedding } from '../../emit/matrix.js';
import { concat, pad, reduce, slice } from '../../emit/movement.js';
import { concatConstants, reshapeConstant, takeConstant } from '../../fold.js';
import type { NodeReader, Operand, OperatorImport } from '../../graph/node.js';
import { permuted } from '../../value.js';

/** Operations that move numbers, or tell and change shapes. */
export const shapeOperators: Readonly<Record<string, OperatorImport>> = {
  Shape: (node) => constantOf(node.name, [node.operand(0).dims.length], node.operand(0).dims),
  Reshape: (node) => {
    const { dims } = node.operand(0);
    const count = dims.reduce((product, size) => product * size, 1);
    const wanted = [...listOf(node.constant(1))];
    // The batch that a graph was frozen with, or leaves open, counts as one image.
    if (
      wanted[0] === -1 &&
      wanted.slice(1).every((size) => size > 0) &&
      wanted.slice(1).reduce((a, b) => a * b, 1) === count
    )
      wanted[0] = 1;
    const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
    return seenAs(
      node,
      wanted.map((size) => (size === -1 ? count / known : size)),
    );
  },
  Squeeze: (node) => {
    const { dims } = node.operand(0);
    const axes = (node.integers('squeeze_dims') ?? node.integers('axis'))?.map((axis) =>
      node.axis(axis, dims.length),
    );
    if (axes?.some((axis) => dims[axis] !== 1))
      throw node.wrong(`axes ${axes.join(', ')} of ${dims.join('x')}`, 'axes of length 1');
    return seenAs(
      node,
      dims.filter((size, axis) => (axes === undefined ? size !== 1 || axis === 0 : !axes.includes(axis))),
    );
  },
  ExpandDims: (node) => {
    const { dims } = node.operand(0);
    const axis = node.axis(listOf(node.constant(1))[0] ?? 0, dims.length + 1);
    return seenAs(node, [...dims.slice(0, axis), 1, ...dims.slice(axis)]);
  },
  Transpose: (node) => {
    const operand = node.operand(0);
    const order = listOf(node.constant(1));
    if (
      order.length !== operand.dims.length ||
      [...order].sort((a, b) => a - b).some((axis, index) => axis !== index)
    )
      throw node.wrong(`the order ${order.join(', ')}`, 'each axis once');
    return operand.kind === 'constant' ? transposed(operand, order) : permuted(operand, order);
  },
  ConcatV2: (node) => {
    const operands = node.inputs.slice(0, -1).map((_, index) => node.operand(index));
    const axis = node.axis(listOf(node.constant(operands.length))[0]!, node.operand(0).dims.length);
    return operands.every((operand) => operand.kind === 'constant')
      ? concatConstants(operands as readonly Constant[], axis)
      : concat(node.assembly, node.name, operands, axis);
  },
  Pack: (node) => {
    const parts = node.inputs.map((_, index) => node.constant(index));
    const axis = node.integer('axis', 0);
    return concatConstants(
      parts.map((part) => reshapeConstant(part, [...part.dims.slice(0, axis), 1, ...part.dims.slice(axis)])),
      axis,
    );
  },
  StridedSlice: stridedSlice,
  Slice: (node) => {
    const operand = node.operand(0);
    const [begin, size] = [listOf(node.constant(1)), listOf(node.constant(2))];
    const parts = new Map(
      operand.dims.map((length, axis) => {
        const from = begin[axis] ?? 0;
        return [
          axis,
          { begin: from, size: (size[axis] ?? -1) === -1 ? length - from : size[axis]!, step: 1 },
        ] as const;
      }),
    );
    return cut(node, operand, parts);
  },
  Split: (node) => {
    const axis = node.axis(listOf(node.constant(0))[0]!, node.operand(1).dims.length);
    const parts = node.integer('num_split', 1);
    const size = node.operand(1).dims[axis]! / parts;
    if (!(parts >= 1 && parts <= 10_000) || !Number.isInteger(size))
      throw node.wrong(`${parts} parts`, 'a divisor of the axis');
    return Array.from({ length: parts }, (_, index) =>
      cut(node, node.operand(1), new Map([[axis, { begin: index * size, size, step: 1 }]])),
    );
  },
  SplitV: (node) => {
    const sizes = listOf(node.constant(1));
    const axis = node.axis(listOf(node.constant(2))[0]!, node.operand(0).dims.length);
    let from = 0;
    return sizes.map((size) => {
      from += size;
      return cut(node, node.operand(0), new Map([[axis, { begin: from - size, size, step: 1 }]]));
    });
  },
  Pad: padded,
  PadV2: padded,
  MirrorPad: padded,
  Mean: (node) => reduction(node, 'globalAvgPool'),
  Max: (node) => reduction(node, 'globalMaxPool'),
  Prod: (node) =>
    constantOf(node.name, [], [listOf(node.constant(0)).reduce((product, one) => product * one, 1)]),
  SpaceToDepth: (node) => blocks(node, 'spaceToDepth'),
  DepthToSpace: (node) => blocks(node, 'depthToSpace'),
  ResizeBilinear: (node) => resized(node, 'bilinear'),
  ResizeNearestNeighbor: (node) => resized(node, 'nearest'),
  GatherV2: (node) => {
    const [table, indices] = [node.operand(0), node.operand(1)];
    if (table.kind === 'constant' && indices.kind === 'value' && table.dims.length === 2)
      return embedding(node.assembly, node.name, indices, table.dims[0]!, table.dims[1]!, table);
    const axis = listOf(node.constant(2))[0] ?? 0;
    return takeConstant(node.constant(0), axis, listOf(node.constant(1)), node.constant(1).dims);
  },
};

function seenAs(node: NodeReader, dims: readonly number[]): Operand {
  const operand = node.operand(0);
  return operand.kind === 'constant' ? reshapeConstant(operand, dims) : reshape(node.assembly, operand, dims);
}

type Parts = ReadonlyMap<number, { readonly begin: number; readonly size: number; readonly step: number }>;

function cut(node: NodeReader, operand: Operand, parts: Parts): Operand {
  if (operand.kind === 'value') return slice(node.assembly, node.name, operand, parts);
  let result: Constant = operand;
  for (const [axis, { begin, size, step }] of parts) {
    if (!(size >= 0 && size <= 1e6))
      throw node.wrong(`a part of ${size} elements of a constant`, 'at most a million');
    result = takeConstant(
      result,
      axis,
      Array.from({ length: size }, (_, index) => begin + index * step),
      [size],
    );
  }
  return result;
}

/** NumPy's slices, with masks of bits: ends that are left open, and axes that are dropped. */
function stridedSlice(node: NodeReader): Operand {
  const operand = node.operand(0);
  const [begin, end, steps] = [1, 2, 3].map((index) => listOf(node.constant(index))) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  if (node.integer('ellipsis_mask', 0) !== 0 || node.integer('new_axis_mask', 0) !== 0)
    throw node.wrong('an ellipsis or a new axis', 'ranges');
  const has = (mask: string, axis: number) => ((node.integer(mask, 0) >> axis) & 1) === 1;
  const parts = new Map<number, { begin: number; size: number; step: number }>();
  const dropped = new Set<number>();
  for (const [axis, from] of begin.entries()) {
    const length = operand.dims[axis];
    const step = steps[axis] ?? 1;
    if (length === undefined || !(step >= 1))
      throw node.wrong(`a step of ${step} along axis ${axis}`, '1 or more along an axis that is there');
    const place = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, 0), length);
    const start = has('begin_mask', axis) ? 0 : place(from);
    const stop = has('shrink_axis_mask', axis)
      ? start + 1
      : has('end_mask', axis)
        ? length
        : place(end[axis] ?? length);
    if (has('shrink_axis_mask', axis)) dropped.add(axis);
    parts.set(axis, { begin: start, size: Math.max(0, Math.ceil((stop - start) / step)), step });
  }
  const part = cut(node, operand, parts);
  if (dropped.size === 0) return part;
  const dims = part.dims.filter((_, axis) => !dropped.has(axis));
  return part.kind === 'constant' ? reshapeConstant(part, dims) : reshape(node.assembly, part, dims);
}

function padded(node: NodeReader): Operand {
  const value = node.value(0);
  const list = listOf(node.constant(1));
  const margins = value.dims.map((_, axis) => [list[2 * axis] ?? 0, list[2 * axis + 1] ?? 0] as const);
  const isMirror = node.node.operator === 'MirrorPad';
  if (isMirror && node.text('mode', 'REFLECT') !== 'REFLECT') throw node.wrong('mode SYMMETRIC', 'REFLECT');
  const number = node.node.operator === 'PadV2' ? listOf(node.constant(2))[0]! : 0;
  return pad(node.assembly, node.name, value, margins, isMirror ? 'reflect' : 'constant', number);
}

function reduction(node: NodeReader, kind: 'globalAvgPool' | 'globalMaxPool'): Operand {
  const value = node.value(0);
  const axes = listOf(node.constant(1)).map((axis) => node.axis(axis, value.dims.length));
  return reduce(
    node.assembly,
    node.name,
    value,
    axes,
    kind,
    node.integer('keep_dims', node.integer('keepDims', 0)) === 1,
  );
}

function blocks(node: NodeReader, kind: 'spaceToDepth' | 'depthToSpace'): Operand {
  if (node.text('data_format', 'NHWC') !== 'NHWC') throw node.wrong('another data_format', 'NHWC');
  const map = asMap(node.assembly, node.value(0));
  const block = node.integer('block_size', 0);
  const description =
    kind === 'spaceToDepth' ? ({ kind, block } as const) : ({ kind, block, order: 'first' } as const);
  return node.assembly.mapOf(node.assembly.add(node.name, description, [map]), 4);
}

function resized(node: NodeReader, interpolation: 'nearest' | 'bilinear'): Operand {
  const map = asMap(node.assembly, node.value(0));
  const [height = 0, width = 0] = listOf(node.constant(1));
  const coordinates =
    node.integer('align_corners', 0) === 1
      ? 'alignCorners'
      : node.integer('half_pixel_centers', 0) === 1
        ? 'halfPixel'
        : 'asymmetric';
  const description = { kind: 'resize', size: [height, width], interpolation, coordinates } as const;
  return node.assembly.mapOf(node.assembly.add(node.name, description, [map]), 4);
}
