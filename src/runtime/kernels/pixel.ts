import * as tf from '@tensorflow/tfjs-core';
import type { KernelShape, Run } from './operands.js';

/** Batch normalisation that nothing could be folded into. */
export const batchNorm: Run = (_shape, { inputs, norm, epsilon }) =>
  tf.batchNorm(inputs[0]!, norm!.mean!, norm!.variance!, norm!.beta, norm!.gamma, epsilon) as tf.Tensor4D;

/** Each pixel brought to mean 0 and variance 1 over its channels, then scaled and moved. */
export const layerNorm: Run = (_shape, { inputs, norm, epsilon }) =>
  tf.tidy(() => {
    const centred = tf.sub(inputs[0]!, tf.mean(inputs[0]!, 3, true));
    const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), 3, true), epsilon!));
    return tf.add(tf.mul(tf.div(centred, deviation), norm!.gamma), norm!.beta);
  });

/** Each number divided by a power of the squares of its neighbours in other channels. */
export const localResponseNorm: Run = (shape, { inputs, bias, alpha, beta }) =>
  tf.localResponseNormalization(inputs[0]!, (shape['size']! - 1) / 2, bias, alpha, beta);

/** Two or more maps combined from the left, element by element. */
function fold(combine: (a: tf.Tensor4D, b: tf.Tensor4D) => tf.Tensor4D): Run {
  return (_shape, { inputs }) =>
    tf.tidy(() => {
      const [first, ...others] = inputs as [tf.Tensor4D, ...tf.Tensor4D[]];
      return others.length === 0 ? tf.clone(first) : others.reduce(combine, first);
    });
}

/** Sum of two or more maps, one after the other in their order. */
export const add = fold(tf.add);
export const subtract = fold(tf.sub);
export const multiply = fold(tf.mul);
export const divide = fold(tf.div);
export const maximum = fold(tf.maximum);
export const minimum = fold(tf.minimum);

/** Mean of each channel: as a pool over the whole map, which is up to ten times faster on wasm than a reduction. */
export const globalAvgPool: Run = (shape, { inputs }) => global(shape, inputs[0]!, tf.avgPool);

/** Maximum of each channel. */
export const globalMaxPool: Run = (shape, { inputs }) => global(shape, inputs[0]!, tf.maxPool);

function global({ height, width }: KernelShape, x: tf.Tensor4D, pool: typeof tf.avgPool): tf.Tensor4D {
  return height === 1 && width === 1 ? tf.clone(x) : pool(x, [height!, width!], 1, 'valid');
}

/** Softmax over the channels. */
export const softmax: Run = (_shape, { inputs }) => tf.softmax(inputs[0]!);
