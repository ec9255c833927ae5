import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../../foundation/index.js';
import { activationOfCode } from '../../kernel/index.js';
import { DEFAULT_ALPHA, type Run } from './operands.js';

/** Batch normalisation that nothing could be folded into. */
export const batchNorm: Run = (_shape, { inputs, norm, epsilon }) =>
  tf.batchNorm(inputs[0]!, norm!.mean, norm!.variance, norm!.beta, norm!.gamma, epsilon) as tf.Tensor4D;

/** Activation that stands alone. */
export const activation: Run = (shape, { inputs, alpha = DEFAULT_ALPHA }) => {
  const [x] = inputs as [tf.Tensor4D];
  const name = activationOfCode(shape['activation']!);
  switch (name) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'leakyRelu':
      return tf.leakyRelu(x, alpha);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
    default:
      throw new NonnError(
        `kernel activation: found the function "${name}", expected one that can stand alone`,
      );
  }
};

/** Sum of two or more maps, one after the other in their order. */
export const add: Run = (_shape, { inputs }) =>
  tf.tidy(() => {
    const [first, ...others] = inputs as [tf.Tensor4D, ...tf.Tensor4D[]];
    return others.reduce((sum, term) => tf.add(sum, term), first);
  });

/** Mean of each channel: as a pool over the whole map, which is up to ten times faster on wasm than a reduction. */
export const globalAvgPool: Run = ({ height, width }, { inputs }) =>
  height === 1 && width === 1 ? tf.clone(inputs[0]!) : tf.avgPool(inputs[0]!, [height!, width!], 1, 'valid');

/** Softmax over the channels. */
export const softmax: Run = (_shape, { inputs }) => tf.softmax(inputs[0]!);
