import type * as tf from '@tensorflow/tfjs-core';

/** A normalised batch and what it was normalised by. */
export interface Normalised {
  /** `[batch, height, width, channels]` */
  readonly output: tf.Tensor4D;
  /** `[channels]`: statistics of this batch, the variance without Bessel's correction. They belong to the caller. */
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** Kernels whose gradients decide how fast a backend trains; all are differentiable by tfjs' gradients. */
export interface TrainingKernels {
  relu(x: tf.Tensor4D): tf.Tensor4D;
  /** Normalises each channel over batch, rows and columns (Ioffe and Szegedy 2015), then scales and shifts it. */
  batchNorm(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised;
}
