import type { Padding } from '../../../layer.js';
import { asMap } from '../../arrange.js';
import { type Constant, transposed } from '../../constant.js';
import {
  convolution,
  kernelOfOnnx,
  pool,
  transposedConvolution,
  type WindowSettings,
} from '../../emit/window.js';
import type { NodeReader, OperatorImport } from '../../graph/node.js';

type Pair = readonly [height: number, width: number];

/** Operators whose window slides over a map. */
export const windowOperators: Readonly<Record<string, OperatorImport>> = {
  Conv: (node) => {
    const value = node.value(0);
    const weights = kernelConstant(node);
    const groups = node.integer('group', 1);
    const [filters, channels] = weights.dims as [number, number];
    const map = asMap(node.assembly, value);
    if (channels * groups !== map.shape[2] || filters % groups !== 0)
      throw node.wrong(
        `weights of ${weights.dims.join('x')} in ${groups} groups for ${map.shape[2]} channels`,
        'as many channels',
      );
    const window = windowOf(node, map.shape, weights.dims.slice(2));
    const bias = node.optionalConstant(2);
    return convolution(node.assembly, node.name, map, { ...window, filters, groups }, bias !== undefined, {
      kernel: kernelOfOnnx(weights),
      bias,
    });
  },
  ConvTranspose: (node) => {
    const value = node.value(0);
    const weights = kernelConstant(node);
    const groups = node.integer('group', 1);
    const [channels, perGroup, height, width = 1] = weights.dims as [number, number, number, number?];
    const map = asMap(node.assembly, value);
    if (node.integers('output_shape') !== undefined) throw node.wrong('an output_shape', 'pads');
    const window = windowOf(node, map.shape, weights.dims.slice(2));
    const outputPadding = pair(node, node.integers('output_padding'), 0);
    const bias = node.optionalConstant(2);
    const square: Constant = { ...weights, dims: [channels, perGroup, height, width] };
    return transposedConvolution(
      node.assembly,
      node.name,
      map,
      {
        ...window,
        // TensorFlow's `valid` adds what a stride wider than the window leaves over; ONNX does not.
        padding: window.padding === 'same' ? 'same' : explicit(window.padding),
        filters: perGroup * groups,
        groups,
        outputPadding,
      },
      bias !== undefined,
      // [channels, filters, height, width] to nonn's [height, width, filters, channels].
      { kernel: transposed(square, [2, 3, 1, 0]), bias },
    );
  },
  MaxPool: (node) => {
    if (node.node.outputs.length > 1 && node.node.outputs[1] !== '')
      throw node.wrong('a second output, the places of the maxima', 'the maxima alone');
    if (node.integer('storage_order', 0) !== 0) throw node.wrong('storage_order 1', '0');
    const map = asMap(node.assembly, node.value(0));
    return pool(node.assembly, node.name, map, 'maxPool', poolWindow(node, map.shape));
  },
  AveragePool: (node) => {
    const map = asMap(node.assembly, node.value(0));
    const counted = node.integer('count_include_pad', 0) === 1;
    if (counted && node.integer('ceil_mode', 0) === 1)
      throw node.wrong('count_include_pad with ceil_mode', 'one of both');
    return pool(node.assembly, node.name, map, 'avgPool', poolWindow(node, map.shape), counted);
  },
};

function kernelConstant(node: NodeReader): Constant {
  const weights = node.constant(1);
  const rank = node.value(0).dims.length;
  if ((rank !== 3 && rank !== 4) || weights.dims.length !== rank)
    throw node.wrong(
      `a tensor of ${rank} axes with weights of ${weights.dims.length}`,
      '4 axes of both (images) or 3 (sequences)',
    );
  return weights;
}

function poolWindow(node: NodeReader, shape: readonly number[]): WindowSettings {
  const kernel = node.integers('kernel_shape');
  if (kernel === undefined) throw node.wrong('no kernel_shape', 'one');
  const window = windowOf(node, shape, kernel);
  if (node.integer('ceil_mode', 0) === 0 || (typeof window.padding === 'string' && window.padding === 'same'))
    return window;
  const { top, bottom, left, right } = explicit(window.padding);
  return {
    ...window,
    padding: {
      top,
      bottom: ceiled(shape[0]!, top, bottom, window.kernel[0], window.stride[0], window.dilation[0]),
      left,
      right: ceiled(shape[1]!, left, right, window.kernel[1], window.stride[1], window.dilation[1]),
    },
  };
}

/** The padding after an axis with which rounding down gives what rounding up gives: no window starts behind the map. */
function ceiled(
  size: number,
  before: number,
  after: number,
  kernel: number,
  stride: number,
  dilation: number,
): number {
  const span = (kernel - 1) * dilation + 1;
  let length = Math.ceil((size + before + after - span) / stride) + 1;
  if ((length - 1) * stride >= size + before) length--;
  return Math.max(0, (length - 1) * stride + span - size - before);
}

function windowOf(
  node: NodeReader,
  shape: readonly number[],
  kernelSizes: readonly number[],
): WindowSettings {
  const kernel = pair(node, kernelSizes, 1);
  const stride = pair(node, node.integers('strides'), 1);
  const dilation = pair(node, node.integers('dilations'), 1);
  return { kernel, stride, dilation, padding: paddingOf(node, shape, kernel, stride, dilation) };
}

function paddingOf(
  node: NodeReader,
  shape: readonly number[],
  kernel: Pair,
  stride: Pair,
  dilation: Pair,
): Padding {
  const automatic = node.text('auto_pad', 'NOTSET');
  switch (automatic) {
    case 'SAME_UPPER':
      return 'same';
    case 'SAME_LOWER': {
      const along = (axis: 0 | 1) => {
        const span = (kernel[axis] - 1) * dilation[axis] + 1;
        const total = Math.max(
          0,
          (Math.ceil(shape[axis]! / stride[axis]) - 1) * stride[axis] + span - shape[axis]!,
        );
        return [Math.ceil(total / 2), Math.floor(total / 2)] as const;
      };
      const [[top, bottom], [left, right]] = [along(0), along(1)];
      return { top, bottom, left, right };
    }
    case 'VALID':
      return 'valid';
    case 'NOTSET': {
      const pads = node.integers('pads') ?? [0, 0, 0, 0];
      if (pads.length !== 4 && pads.length !== 2)
        throw node.wrong(`${pads.length} pads`, '4, or 2 for a sequence');
      const [top, left, bottom, right] = pads.length === 4 ? pads : [pads[0], 0, pads[1], 0];
      if ([top, left, bottom, right].every((count) => count === 0)) return 'valid';
      return { top: top!, bottom: bottom!, left: left!, right: right! };
    }
    default:
      throw node.wrong(`auto_pad ${automatic}`, 'NOTSET, SAME_UPPER, SAME_LOWER or VALID');
  }
}

function explicit(padding: Padding): Exclude<Padding, string> {
  return typeof padding === 'string' ? { top: 0, bottom: 0, left: 0, right: 0 } : padding;
}

/** One number an axis of the map; a sequence is a map of one column. */
function pair(node: NodeReader, given: readonly number[] | undefined, otherwise: number): Pair {
  const [height = otherwise, width = otherwise, ...more] = given ?? [];
  if (more.length > 0) throw node.wrong(`${given!.length} numbers for a window`, '2');
  return [height, width];
}
