import type { Padding } from '../../../layer.js';
import { asMap } from '../../arrange.js';
import { type Constant, transposed } from '../../constant.js';
import { dense, matrixProduct } from '../../emit/matrix.js';
import { activation, alongChannels, elementwise } from '../../emit/pixel.js';
import { convolution, pool, type WindowSettings, withBias } from '../../emit/window.js';
import type { NodeReader, OperatorImport } from '../../graph/node.js';
import type { Value } from '../../value.js';

/** Operations with a window, and products of matrices. */
export const windowOperators: Readonly<Record<string, OperatorImport>> = {
  Conv2D: (node) => convolved(node, false),
  DepthwiseConv2dNative: (node) => convolved(node, true),
  _FusedConv2D: (node) => fused(node, (bias) => convolved(node, false, bias)),
  FusedDepthwiseConv2dNative: (node) => fused(node, (bias) => convolved(node, true, bias)),
  MatMul: (node) => multiplied(node),
  _FusedMatMul: (node) => fused(node, (bias) => multiplied(node, bias)),
  BatchMatMul: (node) => batched(node),
  BatchMatMulV2: (node) => batched(node),
  BiasAdd: (node) => {
    const [value, bias] = [node.value(0), node.constant(1)];
    const joined = node.readers === 1 ? withBias(node.assembly, value, bias) : undefined;
    return joined ?? elementwise(node.assembly, node.name, 'add', [value, bias]);
  },
  MaxPool: (node) => pooled(node, 'maxPool'),
  AvgPool: (node) => pooled(node, 'avgPool'),
};

function convolved(node: NodeReader, isDepthwise: boolean, bias?: Constant): Value {
  const value = node.value(0);
  const kernel = node.constant(1);
  const [height, width, channels, last] = kernel.dims;
  if (kernel.dims.length !== 4 || value.dims.length !== 4)
    throw node.wrong(`a filter of ${kernel.dims.join('x')} for ${value.dims.join('x')}`, '4 axes of both');
  const own = asMap(node.assembly, value).shape[2];
  if (isDepthwise ? channels !== own : own % channels! !== 0)
    throw node.wrong(`a filter of ${kernel.dims.join('x')} for ${own} channels`, 'as many channels');
  const filters = isDepthwise ? channels! * last! : last!;
  const groups = isDepthwise ? channels! : own / channels!;
  const window = windowOf(node, [height!, width!]);
  const weights = { kernel, bias };
  return convolution(
    node.assembly,
    node.name,
    value,
    { ...window, filters, groups },
    bias !== undefined,
    weights,
  );
}

function multiplied(node: NodeReader, bias?: Constant): Value {
  const [a, b] = [node.operand(0), node.operand(1)];
  if (node.integer('transpose_a', 0) !== 0) throw node.wrong('transpose_a', 'none');
  const isTransposed = node.integer('transpose_b', 0) !== 0;
  if (b.kind === 'value') return matrixProduct(node.assembly, node.name, node.value(0), b, isTransposed);
  if (a.kind === 'constant' || b.dims.length !== 2)
    throw node.wrong(`a matrix of ${b.dims.join('x')}`, '2 axes');
  const matrix = isTransposed ? transposed(b, [1, 0]) : b;
  return dense(node.assembly, node.name, a, matrix.dims[1]!, bias !== undefined, matrix, bias);
}

function batched(node: NodeReader): Value {
  if (node.integer('adj_x', 0) !== 0) throw node.wrong('adj_x', 'none');
  const b = node.operand(1);
  const isTransposed = node.integer('adj_y', 0) !== 0;
  if (b.kind === 'value') return matrixProduct(node.assembly, node.name, node.value(0), b, isTransposed);
  if (b.dims.length !== 2) throw node.wrong(`a matrix of ${b.dims.join('x')}`, '2 axes');
  const matrix = isTransposed ? transposed(b, [1, 0]) : b;
  return dense(node.assembly, node.name, node.value(0), matrix.dims[1]!, false, matrix);
}

/** What a fused operation does after its product: a bias, then a function. */
function fused(node: NodeReader, product: (bias?: Constant) => Value): Value {
  const steps = node.attribute('fused_ops')?.texts ?? [];
  const hasBias = steps[0] === 'BiasAdd';
  const [step, ...more] = hasBias ? steps.slice(1) : steps;
  const value = product(hasBias ? node.constant(2) : undefined);
  if (more.length > 0) throw node.wrong(`fused_ops ${steps.join(', ')}`, 'BiasAdd and one function');
  const name = `${node.name}/${step}`;
  switch (step) {
    case undefined:
      return value;
    case 'Relu':
      return activation(node.assembly, name, value, 'relu');
    case 'Relu6':
      return activation(node.assembly, name, value, 'relu6');
    case 'Elu':
      return activation(node.assembly, name, value, 'elu');
    case 'Sigmoid':
      return activation(node.assembly, name, value, 'sigmoid');
    case 'LeakyRelu':
      return activation(node.assembly, name, value, 'leakyRelu', {
        alpha: node.float('leakyrelu_alpha', 0.2),
      });
    case 'Prelu': {
      const slope = node.constant(hasBias ? 3 : 2);
      const perChannel = slope.count > 1;
      const last = value.dims.length - 1;
      return alongChannels(node.assembly, name, value, last, { kind: 'prelu', perChannel }, { slope });
    }
    default:
      throw node.wrong(`the fused function ${step}`, 'Relu, Relu6, Elu, Sigmoid, LeakyRelu or Prelu');
  }
}

function pooled(node: NodeReader, kind: 'maxPool' | 'avgPool'): Value {
  const size = node.integers('ksize') ?? [];
  return pool(node.assembly, node.name, node.value(0), kind, windowOf(node, [size[1] ?? 0, size[2] ?? 0]));
}

function windowOf(node: NodeReader, kernel: readonly [number, number]): WindowSettings {
  const format = node.text('data_format', 'NHWC');
  if (format !== 'NHWC') throw node.wrong(`data_format ${format}`, 'NHWC');
  const middle = (list: readonly number[] | undefined) => [list?.[1] ?? 1, list?.[2] ?? 1] as const;
  return {
    kernel,
    stride: middle(node.integers('strides')),
    dilation: middle(node.integers('dilations')),
    padding: paddingOf(node),
  };
}

function paddingOf(node: NodeReader): Padding {
  const padding = node.text('padding', 'VALID');
  if (padding === 'SAME') return 'same';
  if (padding === 'VALID') return 'valid';
  const [, , top = 0, bottom = 0, left = 0, right = 0] = node.integers('explicit_paddings') ?? [];
  if (padding === 'EXPLICIT') return { top, bottom, left, right };
  throw node.wrong(`padding ${padding}`, 'SAME, VALID or EXPLICIT');
}
