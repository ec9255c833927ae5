import * as tf from '@tensorflow/tfjs-core';

/** Images that a kernel computes at once: the batch of its inputs, of which constants have one image. */
export function batchOf(inputs: readonly tf.Tensor4D[]): number {
  return inputs.reduce((most, { shape }) => Math.max(most, shape[0]), 1);
}

/** Maps for every image of a batch: those of a single image are repeated. To be called inside a tidy. */
export function ofEqualBatch(inputs: readonly tf.Tensor4D[]): readonly tf.Tensor4D[] {
  const batch = batchOf(inputs);
  return inputs.map((map) => (map.shape[0] === batch ? map : tf.tile(map, [batch, 1, 1, 1])));
}
