import * as tf from '@tensorflow/tfjs-core';
import { batchOf, ofEqualBatch } from './batch.js';
import type { KernelShape, Run } from './operands.js';

/** Maps one after the other, along the channels where no other axis is given. */
export const concat: Run = ({ axis = 2 }, { inputs }) =>
  tf.tidy(() => tf.concat([...ofEqualBatch(inputs)], axis + 1));

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
    const batch = batchOf(inputs);
    // [image and height, row in block, width, column in block and channel]: the two in the middle change places.
    const blocks = tf.reshape(inputs[0]!, [batch * height, block, width, row]);
    return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [batch, height, width, block * row]);
  });

/** Every pixel becomes a block of `block` x `block`, of which a region is cut out. */
export const depthToSpace: Run = (shape, { inputs }) =>
  tf.tidy(() => {
    const [height, width, block] = [shape['height']!, shape['width']!, shape['block']!];
    const channels = shape['channels']! / block ** 2;
    const batch = batchOf(inputs);
    let x: tf.Tensor = inputs[0]!;
    // PyTorch's order is brought into TensorFlow's: the place in the block before the channel.
    if (shape['last'] === 1)
      x = tf.transpose(tf.reshape(x, [batch * height * width, channels, block * block]), [0, 2, 1]);
    const blocks = tf.reshape(x, [batch * height, width, block, block * channels]);
    const map: tf.Tensor4D = tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [
      batch,
      height * block,
      width * block,
      channels,
    ]);
    return window(map, [shape['rowFrom']!, shape['columnFrom']!], shape);
  });

/** Channels of groups dealt out to all other groups. */
export const channelShuffle: Run = (shape, { inputs }) =>
  tf.tidy(() => {
    const [height, width, channels, groups] = [
      shape['height']!,
      shape['width']!,
      shape['channels']!,
      shape['groups']!,
    ];
    const batch = batchOf(inputs);
    const grouped = tf.reshape(inputs[0]!, [batch * height * width, groups, channels / groups]);
    return tf.reshape(tf.transpose(grouped, [0, 2, 1]), [batch, height, width, channels]);
  });

/** Exchange of axes. */
export const transpose: Run = (shape, { inputs }) =>
  tf.transpose(inputs[0]!, [0, 1 + shape['rowsOf']!, 1 + shape['columnsOf']!, 1 + shape['channelsOf']!]);

/** Part of a map, with steps or without. */
export const slice: Run = (shape, { inputs }) => {
  const begin = [0, shape['rowFrom']!, shape['columnFrom']!, shape['channelFrom']!];
  const size = [batchOf(inputs), shape['outHeight']!, shape['outWidth']!, shape['outChannels']!];
  const steps = [1, shape['rowStep']!, shape['columnStep']!, shape['channelStep']!];
  if (steps.every((step) => step === 1)) return tf.slice(inputs[0]!, begin, size);
  const end = begin.map((from, axis) => from + (size[axis]! - 1) * steps[axis]! + 1);
  return tf.stridedSlice(inputs[0]!, begin, end, steps) as tf.Tensor4D;
};

/** A map with a margin; where one side's is below zero, so much is cut off there. */
export const pad: Run = (shape, { inputs, value = 0 }) =>
  tf.tidy(() => {
    const [top, bottom, left, right] = [
      shape['padTop']!,
      shape['padBottom']!,
      shape['padLeft']!,
      shape['padRight']!,
    ];
    const sides: [number, number][] = [
      [0, 0],
      [Math.max(0, top), Math.max(0, bottom)],
      [Math.max(0, left), Math.max(0, right)],
      [shape['channelsBefore']!, shape['channelsAfter']!],
    ];
    const padded =
      shape['reflect'] === 1
        ? tf.mirrorPad(inputs[0]!, sides, 'reflect')
        : tf.pad(inputs[0]!, sides as [[number, number], ...[number, number][]], value);
    return window(padded as tf.Tensor4D, [Math.max(0, -top), Math.max(0, -left)], shape);
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

/** Change of size; `coordinates` 0 takes pixel centres at half, 1 lets the corners' centres coincide. */
export const resize: Run = (shape, { inputs }) => {
  const change = shape['bilinear'] === 1 ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
  const size: [number, number] = [shape['outHeight']!, shape['outWidth']!];
  return change(inputs[0]!, size, shape['coordinates'] === 1, shape['coordinates'] === 0);
};

/** The kernel's region of a map that begins at some row and column. */
function window(
  map: tf.Tensor4D,
  [row, column]: readonly [number, number],
  { outHeight, outWidth }: KernelShape,
): tf.Tensor4D {
  const [batch, height, width, channels] = map.shape;
  return height === outHeight && width === outWidth
    ? map
    : tf.slice(map, [0, row, column, 0], [batch, outHeight!, outWidth!, channels]);
}
