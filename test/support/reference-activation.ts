import type { Activation } from '../../src/network/index.js';

/** An activation by its definition, in double precision. */
export function referenceActivation(layer: Activation, value: number): number {
  const { alpha, beta } = layer;
  switch (layer.function) {
    case 'relu':
      return Math.max(0, value);
    case 'relu6':
      return limited(0, value, 6);
    case 'leakyRelu':
      return value < 0 ? (alpha ?? 0.3) * value : value;
    case 'sigmoid':
      return 1 / (1 + Math.exp(-value));
    case 'tanh':
      return Math.tanh(value);
    case 'elu':
      return value < 0 ? (alpha ?? 1) * Math.expm1(value) : value;
    case 'selu':
      // Klambauer et al. 2017, equation 2.
      return 1.0507009873554805 * (value < 0 ? 1.6732632423543772 * Math.expm1(value) : value);
    case 'hardSigmoid':
      return limited(0, (alpha ?? 0.2) * value + (beta ?? 0.5), 1);
    case 'hardSwish':
      return (value * limited(0, value + 3, 6)) / 6;
    case 'swish':
      return value / (1 + Math.exp(-value));
    case 'gelu':
      return (value * (1 + errorFunction(value / Math.SQRT2))) / 2;
    case 'geluTanh':
      return (value * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3)))) / 2;
    case 'softplus':
      return Math.log1p(Math.exp(value));
    case 'softsign':
      return value / (1 + Math.abs(value));
    case 'mish':
      return value * Math.tanh(Math.log1p(Math.exp(value)));
    case 'clip':
      return limited(alpha ?? Number.NEGATIVE_INFINITY, value, beta ?? Number.POSITIVE_INFINITY);
    case 'exp':
      return Math.exp(value);
    case 'log':
      return Math.log(value);
    case 'sqrt':
      return Math.sqrt(value);
    case 'square':
      return value * value;
    case 'reciprocal':
      return 1 / value;
    case 'abs':
      return Math.abs(value);
    case 'negate':
      return -value;
    case 'erf':
      return errorFunction(value);
  }
}

function limited(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The error function by its Taylor series, which converges everywhere. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
