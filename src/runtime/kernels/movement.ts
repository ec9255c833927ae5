import * as tf from '@tensorflow/tfjs-core';
import type { Run } from './operands.js';

/** Channels of several maps, one after the other. */
export const concat: Run = (_shape, { inputs }) => tf.concat([...inputs], 3);

/**
 * Every block of `block` x `block` pixels becomes one pixel. Its channels are ordered by row in the block, then
 * column, then channel, as TensorFlow's `space_to_depth` does it.
 */
export const spaceToDepth: Run = (shape, { inputs }) =>
  tf.tidy(() => {
    const block = shape['block']!;
    const height = shape['height']! / block;
    const width = shape['width']! / block;
    const row = block * shape['channels']!;
    // [height, row in block, width, column in block and channel]: the two in the middle change places.
    const blocks = tf.reshape(inputs[0]!, [height, block, width, row]);
    return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [1, height, width, block * row]);
  });

/** Enlargement: `nearest` repeats pixels, `bilinear` takes pixel centres at half, as Keras and PyTorch do. */
export const upsample: Run = (shape, { inputs }) => {
  const size: [number, number] = [
    shape['height']! * shape['factorHeight']!,
    shape['width']! * shape['factorWidth']!,
  ];
  return shape['bilinear'] === 1
    ? tf.image.resizeBilinear(inputs[0]!, size, false, true)
    : tf.image.resizeNearestNeighbor(inputs[0]!, size);
};
