import type { ActivationFunction } from '../../../layer.js';
import { constantOf } from '../../constant.js';
import { activation, alongChannels, elementwise } from '../../emit/pixel.js';
import type { Value } from '../../value.js';
import type { LayerImport, LayerReader } from '../layer-reader.js';

/** Functions that a layer may name; `linear` is none. */
const functions: Readonly<Record<string, ActivationFunction>> = {
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  sigmoid: 'sigmoid',
  hard_sigmoid: 'hardSigmoid',
  hardsigmoid: 'hardSigmoid',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  swish: 'swish',
  silu: 'swish',
  mish: 'mish',
  gelu: 'gelu',
  gelu_new: 'geluTanh',
  exponential: 'exp',
};

/** Layers that are functions of one number. */
export const activationLayers: Readonly<Record<string, LayerImport>> = {
  Activation: (layer) => named(layer, layer.input, layer.name),
  ReLU: (layer) => {
    const { max_value: most, negative_slope: slope = 0, threshold = 0 } = layer.config;
    if (slope !== 0 || threshold !== 0)
      throw layer.wrong('a negative_slope or a threshold', 'none, or LeakyReLU');
    if (most === undefined || most === null)
      return activation(layer.assembly, layer.name, layer.input, 'relu');
    const beta = layer.number('max_value');
    return beta === 6
      ? activation(layer.assembly, layer.name, layer.input, 'relu6')
      : activation(layer.assembly, layer.name, layer.input, 'clip', { alpha: 0, beta });
  },
  LeakyReLU: (layer) => {
    const alpha =
      layer.config['alpha'] === undefined ? layer.number('negative_slope', 0.3) : layer.number('alpha');
    return activation(layer.assembly, layer.name, layer.input, 'leakyRelu', { alpha });
  },
  ELU: (layer) =>
    activation(layer.assembly, layer.name, layer.input, 'elu', { alpha: layer.number('alpha', 1) }),
  PReLU: (layer) => {
    const value = layer.input;
    const rank = value.dims.length;
    const shared = new Set(layer.numbers('shared_axes') ?? []);
    const own = value.dims
      .map((_, axis) => axis)
      .filter((axis) => axis > 0 && !shared.has(axis) && value.dims[axis]! > 1);
    if (own.some((axis) => axis !== rank - 1))
      throw layer.wrong('a slope for each place', 'one a channel: shared_axes over rows and columns');
    const slope = layer.weight('alpha');
    const perChannel = own.length > 0;
    return alongChannels(
      layer.assembly,
      layer.name,
      value,
      rank - 1,
      { kind: 'prelu', perChannel },
      slope && { slope },
    );
  },
  Softmax: (layer) => {
    const rank = layer.input.dims.length;
    const axis = layer.axis(layer.number('axis', -1), rank);
    return alongChannels(layer.assembly, layer.name, layer.input, axis, { kind: 'softmax' });
  },
  Rescaling: (layer) => {
    const [scale, offset] = [layer.number('scale', 1), layer.number('offset', 0)];
    const scaled = scale === 1 ? layer.input : by(layer, 'multiply', layer.input, scale);
    return offset === 0 ? scaled : by(layer, 'add', scaled, offset);
  },
};

/** The activation that a layer's configuration names, as a layer of its own. */
export function named(layer: LayerReader, value: Value, name = `${layer.name}/activation`): Value {
  const given = layer.config['activation'];
  const text =
    typeof given === 'object' && given !== null ? (given as { class_name?: unknown }).class_name : given;
  const fn = String(text ?? 'linear').replace(
    /[A-Z]/g,
    (letter, at) => `${at === 0 ? '' : '_'}${letter.toLowerCase()}`,
  );
  if (fn === 'linear') return value;
  if (fn === 'softmax')
    return alongChannels(layer.assembly, name, value, value.dims.length - 1, { kind: 'softmax' });
  const known = Object.hasOwn(functions, fn) ? functions[fn] : undefined;
  if (known === undefined)
    throw layer.wrong(
      `the activation "${fn}"`,
      `one of linear, softmax, ${Object.keys(functions).join(', ')}`,
    );
  return activation(layer.assembly, name, value, known);
}

function by(layer: LayerReader, kind: 'add' | 'multiply', value: Value, number: number): Value {
  return elementwise(layer.assembly, layer.name, kind, [value, constantOf(layer.name, [], [number])]);
}
