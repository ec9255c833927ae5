import * as tf from '@tensorflow/tfjs-core';
import type { Run } from './operands.js';

/** Product of two matrices of activations, height by height. */
export const matmul: Run = (shape, { inputs }) =>
  tf.tidy(() => {
    const [a, b] = inputs.map((x): tf.Tensor3D => tf.reshape(x, [x.shape[1], x.shape[2], x.shape[3]]));
    const product = tf.matMul(a!, b!, false, shape['transposeB'] === 1);
    return tf.expandDims(product, 0) as tf.Tensor4D;
  });

/** Rows of a table; what lies outside it takes the nearest row. */
export const embedding: Run = (shape, { inputs, matrix }) =>
  tf.tidy(() => {
    const [count, vocabulary, units] = [shape['inputs']!, shape['vocabulary']!, shape['units']!];
    const rows = tf.cast(tf.clipByValue(tf.reshape(inputs[0]!, [count]), 0, vocabulary - 1), 'int32');
    return tf.reshape(tf.gather(matrix!, rows), [1, 1, count, units]);
  });
