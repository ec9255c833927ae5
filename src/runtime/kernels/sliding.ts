import * as tf from '@tensorflow/tfjs-core';
import { batchOf } from './batch.js';
import type { KernelShape, Run } from './operands.js';

/** Transposed convolution with bias; groups run one after the other. */
export const convTranspose2d: Run = (shape, { inputs, filters, biases }) =>
  tf.tidy(() => {
    const [padTop, padLeft] = [shape['padTop']!, shape['padLeft']!];
    const [outHeight, outWidth] = [shape['outHeight']!, shape['outWidth']!];
    const strides: [number, number] = [shape['strideHeight']!, shape['strideWidth']!];
    const after = (axis: 0 | 1, before: number, made: number) => {
      const size = axis === 0 ? shape['height']! : shape['width']!;
      const kernel = axis === 0 ? shape['kernelHeight']! : shape['kernelWidth']!;
      return (size - 1) * strides[axis] + kernel - before - made;
    };
    const pad: [number, number][] = [
      [0, 0],
      [padTop, after(0, padTop, outHeight)],
      [padLeft, after(1, padLeft, outWidth)],
      [0, 0],
    ];
    const groups = filters!.length;
    const parts = groups === 1 ? [inputs[0]!] : (tf.split(inputs[0]!, groups, 3) as tf.Tensor4D[]);
    const maps = parts.map((part, group) =>
      tf.conv2dTranspose(
        part,
        filters![group]!,
        [batchOf(inputs), outHeight, outWidth, shape['filters']! / groups],
        strides,
        // Explicit padding works here as in a convolution; its type was left out.
        pad as unknown as number,
        'floor',
      ),
    );
    const map = groups === 1 ? maps[0]! : tf.concat(maps, 3);
    return biases === undefined ? map : tf.add(map, biases[0]!);
  });

/** Convolution along the channels, whose filters follow each other in the channels of the output. */
export const channelConv2d: Run = (shape, { inputs, filters, biases }) =>
  tf.tidy(() => {
    const [height, width] = [shape['outHeight']!, shape['outWidth']!];
    const volume = alone(shape)
      ? alongPixels(shape, inputs[0]!, filters![0]!)
      : alongVolume(shape, inputs[0]!, filters![0]!);
    const [pixels, channels, count] = volume.shape;
    const moved = biases === undefined ? volume : tf.add(volume, biases[0]!);
    const ordered = count === 1 ? moved : tf.transpose(moved, [0, 2, 1]);
    return tf.reshape(ordered, [pixels / (height * width), height, width, channels * count]) as tf.Tensor4D;
  });

/** Whether each pixel is by itself. */
function alone(shape: KernelShape): boolean {
  return ['kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth'].every((name) => shape[name] === 1);
}

/** One convolution in two dimensions, pixels of all images by channels: `[pixels, channels, filters]`. */
function alongPixels(shape: KernelShape, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor3D {
  const [depth, filters] = [shape['depth']!, shape['filters']!];
  const pixels = x.shape[0] * shape['height']! * shape['width']!;
  const made = tf.conv2d(
    tf.reshape(x, [1, pixels, shape['channels']!, 1]) as tf.Tensor4D,
    tf.reshape(filter, [1, depth, 1, filters]) as tf.Tensor4D,
    [1, shape['depthStride']!],
    shape['depthSame'] === 1 ? 'same' : 'valid',
  );
  return tf.reshape(made, [pixels, made.shape[2], filters]) as tf.Tensor3D;
}

/** A convolution in three dimensions over the padded map: `[pixels, channels, filters]`. */
function alongVolume(shape: KernelShape, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor3D {
  const [depth, stride, filters] = [shape['depth']!, shape['depthStride']!, shape['filters']!];
  const channels = shape['channels']!;
  const missing =
    shape['depthSame'] === 1
      ? Math.max(0, (Math.ceil(channels / stride) - 1) * stride + depth - channels)
      : 0;
  const padded = tf.pad(x, [
    [0, 0],
    [shape['padTop']!, shape['padBottom']!],
    [shape['padLeft']!, shape['padRight']!],
    [Math.floor(missing / 2), Math.ceil(missing / 2)],
  ]);
  const made = tf.conv3d(
    tf.reshape(padded, [...padded.shape, 1]) as tf.Tensor5D,
    tf.reshape(filter, [shape['kernelHeight']!, shape['kernelWidth']!, depth, 1, filters]) as tf.Tensor5D,
    [shape['strideHeight']!, shape['strideWidth']!, stride],
    'valid',
  );
  return tf.reshape(made, [
    made.shape[0] * made.shape[1] * made.shape[2],
    made.shape[3],
    filters,
  ]) as tf.Tensor3D;
}
