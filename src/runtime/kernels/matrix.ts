import * as tf from '@tensorflow/tfjs-core';
import { batchOf, ofEqualBatch } from './batch.js';
import type { Run } from './operands.js';

/** Product of two matrices of activations, image by image and height by height. */
export const matmul: Run = (shape, { inputs }) =>
  tf.tidy(() => {
    const batch = batchOf(inputs);
    const [a, b] = ofEqualBatch(inputs).map(
      (x): tf.Tensor3D => tf.reshape(x, [batch * x.shape[1], x.shape[2], x.shape[3]]),
    );
    const product = tf.matMul(a!, b!, false, shape['transposeB'] === 1);
    const [heights, rows, columns] = product.shape as [number, number, number];
    return tf.reshape(product, [batch, heights / batch, rows, columns]);
  });

/** Rows of a table; what lies outside it takes the nearest row. */
export const embedding: Run = (shape, { inputs, matrix }) =>
  tf.tidy(() => {
    const [count, vocabulary, units] = [shape['inputs']!, shape['vocabulary']!, shape['units']!];
    const batch = batchOf(inputs);
    const rows = tf.cast(tf.clipByValue(tf.reshape(inputs[0]!, [batch * count]), 0, vocabulary - 1), 'int32');
    return tf.reshape(tf.gather(matrix!, rows), [batch, 1, count, units]);
  });
