import * as tf from '@tensorflow/tfjs-core';
import type { Normalised, TrainingKernels } from './kernels.js';
import { channelSums } from './wasm-convolution.js';

/**
 * ReLU and batch normalisation in few passes over the map: tfjs composes their gradients of kernels that are slow on wasm
 * (tiling, and sums that first turn the map around), which take longer than the convolutions between them. Sums come from
 * the pooling kernel here, and what is scaled and shifted by channel from the depthwise one.
 */
export const wasmKernels: TrainingKernels = {
  relu: tf.customGrad((x, save) => {
    const output = tf.relu(x as tf.Tensor);
    (save as tf.GradSaveFunc)([output]);
    const gradFunc = (dy: tf.Tensor, [y]: tf.Tensor[]) => tf.mul(dy, tf.step(y!));
    return { value: output, gradFunc };
  }) as (x: tf.Tensor4D) => tf.Tensor4D,

  batchNorm(x, gamma, beta, epsilon): Normalised {
    const statistics: tf.Tensor1D[] = [];
    const normalise = tf.customGrad((...operands) => {
      const [input, scale, offset, save] = operands as unknown as [
        tf.Tensor4D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.GradSaveFunc,
      ];
      const count = input.size / input.shape[3];
      const mean = tf.div(channelSums(input), count) as tf.Tensor1D;
      const centred = scaled(input, tf.onesLike(mean), tf.neg(mean));
      const variance = tf.div(channelSums(tf.square(centred)), count) as tf.Tensor1D;
      const inverse = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
      statistics.push(tf.keep(tf.clone(mean)), tf.keep(tf.clone(variance)));
      save([centred, scale, inverse]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => batchNormGradients(dy as tf.Tensor4D, saved);
      return { value: scaled(centred, tf.mul(scale, inverse), offset), gradFunc };
    });
    const output = normalise(x, gamma, beta) as tf.Tensor4D;
    const [mean, variance] = statistics as [tf.Tensor1D, tf.Tensor1D];
    return { output, mean, variance };
  },
};

/**
 * Of batch normalisation (Ioffe and Szegedy 2015, section 3): with n pixels and x^ = centred / deviation,
 * dx = gamma / deviation (dy - sum(dy) / n - x^ sum(dy x^) / n), dgamma = sum(dy x^), dbeta = sum(dy).
 */
function batchNormGradients(dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] {
  const [centred, scale, inverse] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  const count = dy.size / dy.shape[3];
  const dbeta = channelSums(dy);
  const dgamma = tf.mul(channelSums(tf.mul(dy, centred)), inverse);
  const factor = tf.mul(scale, inverse) as tf.Tensor1D;
  const shift = tf.mul(tf.div(dbeta, -count), factor) as tf.Tensor1D;
  const slope = tf.mul(tf.mul(tf.div(dgamma, -count), inverse), factor) as tf.Tensor1D;
  const dx = tf.add(scaled(dy, factor, shift), scaled(centred, slope, tf.zerosLike(slope)));
  return [dx, dgamma, dbeta];
}

/** A factor and an offset for each channel, as a depthwise convolution of one tap, for which wasm has a kernel of its own. */
function scaled(map: tf.Tensor4D, factors: tf.Tensor, offsets: tf.Tensor): tf.Tensor4D {
  return tf.fused.depthwiseConv2d({
    x: map,
    filter: tf.reshape(factors, [1, 1, map.shape[3], 1]),
    strides: 1,
    pad: 'valid',
    bias: offsets,
  });
}
