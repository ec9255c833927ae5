import type { ActivationFunction } from '../../../layer.js';
import { reshape } from '../../arrange.js';
import { type Constant, derived } from '../../constant.js';
import { activation, alongChannels, type Operation, unary } from '../../emit/pixel.js';
import { combineConstants, expandConstant, mapConstant } from '../../fold.js';
import { combined, operationOn } from '../../graph/arithmetic.js';
import type { NodeReader, Operand, OperatorImport } from '../../graph/node.js';

/** Functions of one number that have no settings. */
const plain: Readonly<Record<string, readonly [ActivationFunction, (x: number) => number]>> = {
  Relu: ['relu', (x) => Math.max(x, 0)],
  Sigmoid: ['sigmoid', (x) => 1 / (1 + Math.exp(-x))],
  Tanh: ['tanh', Math.tanh],
  Softplus: ['softplus', (x) => Math.log1p(Math.exp(x))],
  Softsign: ['softsign', (x) => x / (1 + Math.abs(x))],
  HardSwish: ['hardSwish', (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6],
  Mish: ['mish', (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  Exp: ['exp', Math.exp],
  Log: ['log', Math.log],
  Sqrt: ['sqrt', Math.sqrt],
  Reciprocal: ['reciprocal', (x) => 1 / x],
  Abs: ['abs', Math.abs],
  Neg: ['negate', (x) => -x],
};

/** Functions of constants alone: of shapes, mostly. */
const onConstants: Readonly<Record<string, (x: number) => number>> = {
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: Math.round,
  Not: (x) => (x === 0 ? 1 : 0),
  Identity: (x) => x,
};

const arithmetic: Readonly<Record<string, Operation>> = {
  Add: 'add',
  Sum: 'add',
  Sub: 'subtract',
  Mul: 'multiply',
  Div: 'divide',
  Max: 'maximum',
  Min: 'minimum',
};

const comparisons: Readonly<Record<string, (x: number, y: number) => number>> = {
  Equal: (x, y) => Number(x === y),
  Greater: (x, y) => Number(x > y),
  Less: (x, y) => Number(x < y),
  GreaterOrEqual: (x, y) => Number(x >= y),
  LessOrEqual: (x, y) => Number(x <= y),
  Mod: (x, y) => x - y * Math.floor(x / y),
};

/** Operators that work element by element, or pixel by pixel. */
export const pixelOperators: Readonly<Record<string, OperatorImport>> = {
  ...Object.fromEntries(Object.entries(plain).map(([name, [fn, compute]]) => [name, applied(fn, compute)])),
  ...Object.fromEntries(
    Object.entries(onConstants).map(([name, compute]) => [
      name,
      (node: NodeReader) => mapConstant(node.constant(0), compute),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(arithmetic).map(([name, kind]) => [
      name,
      (node: NodeReader) =>
        node.inputs.every((input) => input?.kind === 'constant')
          ? folded(node, operationOn[kind])
          : combined(node, kind),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(comparisons).map(([name, compute]) => [
      name,
      (node: NodeReader) => combineConstants(node.constant(0), node.constant(1), compute),
    ]),
  ),
  Identity: (node) => node.operand(0),
  // At inference nothing is dropped; a mask that somebody reads would be all ones.
  Dropout: (node) => node.operand(0),
  Cast: (node) => node.operand(0),
  LeakyRelu: (node) =>
    activation(node.assembly, node.name, node.value(0), 'leakyRelu', { alpha: node.float('alpha', 0.01) }),
  Elu: (node) =>
    activation(node.assembly, node.name, node.value(0), 'elu', { alpha: node.float('alpha', 1) }),
  Selu: (node) => activation(node.assembly, node.name, node.value(0), 'selu'),
  Swish: (node) => activation(node.assembly, node.name, node.value(0), 'swish'),
  Erf: (node) => activation(node.assembly, node.name, node.value(0), 'erf'),
  Gelu: (node) =>
    activation(
      node.assembly,
      node.name,
      node.value(0),
      node.text('approximate', 'none') === 'tanh' ? 'geluTanh' : 'gelu',
    ),
  HardSigmoid: (node) =>
    activation(node.assembly, node.name, node.value(0), 'hardSigmoid', {
      alpha: node.float('alpha', 0.2),
      beta: node.float('beta', 0.5),
    }),
  Clip: (node) => {
    const [least, most] = [node.number(1, 'min') ?? -LARGEST, node.number(2, 'max') ?? LARGEST];
    if (node.operand(0).kind === 'constant')
      return mapConstant(node.constant(0), (x) => Math.min(Math.max(x, least), most));
    const value = node.value(0);
    if (least === 0 && most === 6) return activation(node.assembly, node.name, value, 'relu6');
    if (least === 0 && most >= LARGEST) return activation(node.assembly, node.name, value, 'relu');
    return activation(node.assembly, node.name, value, 'clip', { alpha: least, beta: most });
  },
  Pow: (node) => {
    if (node.operand(0).kind === 'constant')
      return combineConstants(node.constant(0), node.constant(1), (x, y) => x ** y);
    const power = node.constant(1).count === 1 ? node.constant(1).numbers()[0]! : Number.NaN;
    const known: Readonly<Record<number, ActivationFunction>> = {
      2: 'square',
      0.5: 'sqrt',
      [-1]: 'reciprocal',
    };
    const fn = known[power];
    if (power === 1) return node.operand(0);
    if (fn === undefined) throw node.wrong(`the power ${power}`, '2, 1, 0.5 or -1');
    return activation(node.assembly, node.name, node.value(0), fn);
  },
  PRelu: (node) => {
    const value = node.value(0);
    const slope = node.constant(1);
    if (slope.count === 1)
      return unary(node.assembly, node.name, value, { kind: 'prelu', perChannel: false }, { slope });
    const axis = slope.dims.length === value.dims.length ? 1 : value.dims.length - slope.dims.length;
    const along = slope.dims.findIndex((size) => size > 1);
    const channelAxis = slope.dims.length === value.dims.length ? along : axis + along;
    if (slope.dims.filter((size) => size > 1).length !== 1 || value.dims[channelAxis] !== slope.count)
      throw node.wrong(`slopes of ${slope.dims.join('x')}`, 'one a channel');
    return alongChannels(
      node.assembly,
      node.name,
      value,
      channelAxis,
      { kind: 'prelu', perChannel: true },
      { slope },
    );
  },
  Where: (node) => {
    const [condition, yes, no] = [node.constant(0), node.constant(1), node.constant(2)];
    const dims = combineConstants(
      condition,
      combineConstants(yes, no, (x) => x),
      (x) => x,
    ).dims;
    const full = [condition, yes, no].map((one) => expandConstant(one, dims)) as [
      Constant,
      Constant,
      Constant,
    ];
    return combineConstants(
      combineConstants(full[0], full[1], (c, y) => (c === 0 ? Number.NaN : y)),
      combineConstants(full[0], full[2], (c, n) => (c === 0 ? n : Number.NaN)),
      (y, n) => (Number.isNaN(y) ? n : y),
    );
  },
  Softmax: (node) => softmaxOf(node),
  LogSoftmax: (node) => {
    const softmax = softmaxOf(node);
    return softmax.kind === 'value' ? activation(node.assembly, `${node.name}/log`, softmax, 'log') : softmax;
  },
};

/** The largest number that a float32 holds: Clip's way to say that there is no limit. */
const LARGEST = 3.4028234663852886e38;

function applied(fn: ActivationFunction, compute: (x: number) => number): OperatorImport {
  return (node) =>
    node.operand(0).kind === 'constant'
      ? mapConstant(node.constant(0), compute)
      : activation(node.assembly, node.name, node.value(0), fn);
}

function folded(node: NodeReader, compute: (x: number, y: number) => number): Constant {
  // An operator without any input has no first one either.
  const constants = [node.constant(0), ...node.inputs.slice(1).map((_, index) => node.constant(index + 1))];
  const result = constants.reduce((a, b) => combineConstants(a, b, compute));
  if (node.node.operator !== 'Div') return result;
  // Whole numbers, which are kept as float64, divide as whole numbers.
  return derived(result.name, result.dims, [result], () => {
    const quotients = result.numbers();
    return quotients instanceof Float64Array ? quotients.map(Math.trunc) : quotients;
  });
}

/** Until opset 13 softmax ran over all axes from the given one on, as if they were one. */
function softmaxOf(node: NodeReader): Operand {
  const value = node.value(0);
  const rank = value.dims.length;
  const old = node.opset < 13;
  const axis = node.axis(node.integer('axis', old ? 1 : -1), rank);
  const rest = value.dims.slice(axis + 1);
  if (!old || rest.every((size) => size === 1))
    return alongChannels(node.assembly, node.name, value, axis, { kind: 'softmax' });
  const count = value.dims.slice(axis).reduce((product, size) => product * size, 1);
  const flat = reshape(node.assembly, value, [...value.dims.slice(0, axis), count]);
  const result = alongChannels(node.assembly, node.name, flat, axis, { kind: 'softmax' });
  return reshape(node.assembly, result, value.dims);
}
