import * as tf from '@tensorflow/tfjs-core';
import type { TrainingKernels } from './kernels.js';

/** Kernels composed of tfjs' own differentiable operations: they run on every backend. */
export const composedKernels: TrainingKernels = {
  relu: (x) => tf.relu(x),
  batchNorm: (x, gamma, beta, epsilon) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const output = tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, beta, gamma, epsilon);
    return {
      output,
      mean: tf.keep(tf.clone(mean as tf.Tensor1D)),
      variance: tf.keep(tf.clone(variance as tf.Tensor1D)),
    };
  },
};
