import type { Activation, ActivationFunction } from '../network/index.js';

/** Activations as a number in a kernel's shape; 0 is none. The order is part of every kernel's key: append only. */
const codes: readonly (ActivationFunction | 'linear')[] = [
  'linear',
  'relu',
  'relu6',
  'leakyRelu',
  'sigmoid',
  'tanh',
  'elu',
  'selu',
  'hardSigmoid',
  'hardSwish',
  'swish',
  'gelu',
  'geluTanh',
  'softplus',
  'softsign',
  'mish',
  'clip',
  'exp',
  'log',
  'sqrt',
  'square',
  'reciprocal',
  'abs',
  'negate',
  'erf',
];

/** What the wasm backend applies inside a convolution or a matrix product, without a kernel of its own. */
const fusable: ReadonlySet<ActivationFunction> = new Set(['relu', 'relu6', 'leakyRelu', 'sigmoid']);

export function activationCode(layer: Activation | undefined): number {
  return layer === undefined ? 0 : codes.indexOf(layer.function);
}

export function activationOfCode(code: number): ActivationFunction | 'linear' {
  return codes[code]!;
}

export function isFusable(layer: Activation): boolean {
  return fusable.has(layer.function);
}
