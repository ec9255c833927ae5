import type { ActivationFunction } from '../../../layer.js';
import { listOf } from '../../constant.js';
import { activation, alongChannels, type Operation, unary } from '../../emit/pixel.js';
import { combineConstants, mapConstant } from '../../fold.js';
import { combined, operationOn } from '../../graph/arithmetic.js';
import type { NodeReader, Operand, OperatorImport } from '../../graph/node.js';

const functions: Readonly<Record<string, ActivationFunction>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Elu: 'elu',
  Selu: 'selu',
  Softplus: 'softplus',
  Exp: 'exp',
  Log: 'log',
  Sqrt: 'sqrt',
  Square: 'square',
  Reciprocal: 'reciprocal',
  Abs: 'abs',
  Neg: 'negate',
  Erf: 'erf',
};

const arithmetic: Readonly<Record<string, Operation>> = {
  Add: 'add',
  AddV2: 'add',
  AddN: 'add',
  Sub: 'subtract',
  Mul: 'multiply',
  RealDiv: 'divide',
  Div: 'divide',
  Maximum: 'maximum',
  Minimum: 'minimum',
};

/** Operations that work element by element, or pixel by pixel. */
export const pixelOperators: Readonly<Record<string, OperatorImport>> = {
  ...Object.fromEntries(
    Object.entries(functions).map(([name, fn]): [string, OperatorImport] => [
      name,
      (node) => activation(node.assembly, node.name, node.value(0), fn),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(arithmetic).map(([name, kind]): [string, OperatorImport] => [
      name,
      (node) => arithmeticOf(node, kind),
    ]),
  ),
  Identity: (node) => node.operand(0),
  StopGradient: (node) => node.operand(0),
  Cast: (node) => node.operand(0),
  LeakyRelu: (node) =>
    activation(node.assembly, node.name, node.value(0), 'leakyRelu', { alpha: node.float('alpha', 0.2) }),
  Rsqrt: (node) => {
    const operand = node.operand(0);
    if (operand.kind === 'constant') return mapConstant(operand, (x) => 1 / Math.sqrt(x));
    const root = activation(node.assembly, node.name, operand, 'sqrt');
    return activation(node.assembly, `${node.name}/reciprocal`, root, 'reciprocal');
  },
  ClipByValue: (node) =>
    activation(node.assembly, node.name, node.value(0), 'clip', {
      alpha: listOf(node.constant(1))[0]!,
      beta: listOf(node.constant(2))[0]!,
    }),
  Prelu: (node) => {
    const [value, slope] = [node.value(0), node.constant(1)];
    const perChannel = slope.count > 1;
    if (!perChannel) return unary(node.assembly, node.name, value, { kind: 'prelu', perChannel }, { slope });
    return alongChannels(
      node.assembly,
      node.name,
      value,
      value.dims.length - 1,
      { kind: 'prelu', perChannel },
      { slope },
    );
  },
  Softmax: (node) =>
    alongChannels(node.assembly, node.name, node.value(0), node.value(0).dims.length - 1, {
      kind: 'softmax',
    }),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  LRN: (node) => {
    const radius = node.integer('depth_radius', 5);
    return alongChannels(node.assembly, node.name, node.value(0), 3, {
      kind: 'localResponseNorm',
      size: 2 * radius + 1,
      alpha: node.float('alpha', 1),
      beta: node.float('beta', 0.5),
      bias: node.float('bias', 1),
    });
  },
};

function batchNorm(node: NodeReader): Operand {
  const value = node.value(0);
  const format = node.text('data_format', 'NHWC');
  if (format !== 'NHWC' || node.integer('is_training', 0) !== 0)
    throw node.wrong(
      `data_format ${format}${node.integer('is_training', 0) ? ' in training' : ''}`,
      'NHWC at inference',
    );
  const [gamma, beta, movingMean, movingVariance] = [1, 2, 3, 4].map((index) => node.constant(index));
  return alongChannels(
    node.assembly,
    node.name,
    value,
    value.dims.length - 1,
    { kind: 'batchNorm', epsilon: node.float('epsilon', 1e-4) },
    { gamma: gamma!, beta: beta!, movingMean: movingMean!, movingVariance: movingVariance! },
  );
}

function arithmeticOf(node: NodeReader, kind: Operation): Operand {
  const operands = node.inputs.map((_, index) => node.operand(index));
  if (operands.every((operand) => operand.kind === 'constant'))
    return operands.reduce((a, b) => combineConstants(a, b, operationOn[kind]));
  return combined(node, kind);
}
