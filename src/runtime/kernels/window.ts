import * as tf from '@tensorflow/tfjs-core';
import { activationOfCode } from '../../kernel/index.js';
import { batchOf } from './batch.js';
import { DEFAULT_ALPHA, type KernelShape, type Run } from './operands.js';

type Stride = [number, number];
type FusedActivation = 'linear' | 'relu' | 'relu6' | 'leakyrelu' | 'sigmoid';

/** Convolution with bias and activation; groups run one after the other, since tfjs has no grouped convolution. */
export const conv2d: Run = (shape, { inputs, filters, biases, alpha }) => {
  const [x] = inputs as [tf.Tensor4D];
  const one = (part: tf.Tensor4D, group: number) =>
    tf.fused.conv2d({
      x: part,
      filter: filters![group]!,
      ...(biases === undefined ? {} : { bias: biases[group]! }),
      ...window(shape),
      ...fused(shape, alpha),
    });
  const groups = filters!.length;
  if (groups === 1) return one(x, 0);
  return tf.tidy(() => {
    const parts = tf.split(x, groups, 3) as tf.Tensor4D[];
    return tf.concat(parts.map(one), 3);
  });
};

/** Depthwise convolution with bias and activation. */
export const depthwiseConv2d: Run = (shape, { inputs, filters, biases, alpha }) => {
  const { strides, pad, dilations } = window(shape);
  return tf.fused.depthwiseConv2d({
    x: inputs[0]!,
    filter: filters![0]!,
    ...(biases === undefined ? {} : { bias: biases[0]! }),
    strides,
    // Explicit padding works here as in every other convolution; its type was left out.
    pad: pad as unknown as number,
    dilations,
    dimRoundingMode: 'floor',
    ...fused(shape, alpha),
  });
};

/** Matrix product with bias and activation, over all elements of an image. */
export const dense: Run = (shape, { inputs, matrix, biases, alpha }) =>
  tf.tidy(() => {
    const batch = batchOf(inputs);
    const product = tf.fused.matMul({
      a: tf.reshape(inputs[0]!, [batch, shape['inputs']!]),
      b: matrix!,
      ...(biases === undefined ? {} : { bias: biases[0]! }),
      ...fused(shape, alpha),
    });
    return tf.reshape(product, [batch, 1, 1, shape['units']!]);
  });

/** Largest value under the window. */
export const maxPool: Run = (shape, { inputs }) => pool(shape, inputs[0]!, tf.maxPool);

/** Mean of the values under the window, the padding left out unless it counts: then zeros are put around the map. */
export const avgPool: Run = (shape, { inputs }) => {
  if (shape['countPadding'] !== 1) return pool(shape, inputs[0]!, tf.avgPool);
  return tf.tidy(() => {
    const { pad } = window(shape);
    const bare = { ...shape, padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 };
    return pool(bare, tf.pad(inputs[0]!, pad), tf.avgPool);
  });
};

function pool(shape: KernelShape, x: tf.Tensor4D, run: typeof tf.maxPool): tf.Tensor4D {
  const { strides, pad } = window(shape);
  const size: Stride = [shape['kernelHeight']!, shape['kernelWidth']!];
  // XNNPACK refuses a window of one pixel, which only picks pixels.
  if (size[0] === 1 && size[1] === 1)
    return tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, ...strides, 1]) as tf.Tensor4D;
  return run(x, size, strides, pad, 'floor');
}

function window(shape: KernelShape) {
  return {
    strides: [shape['strideHeight']!, shape['strideWidth']!] as Stride,
    pad: [
      [0, 0],
      [shape['padTop']!, shape['padBottom']!],
      [shape['padLeft']!, shape['padRight']!],
      [0, 0],
    ] as [Stride, Stride, Stride, Stride],
    dilations: [shape['dilationHeight'] ?? 1, shape['dilationWidth'] ?? 1] as Stride,
    dimRoundingMode: 'floor' as const,
  };
}

function fused(shape: KernelShape, alpha = DEFAULT_ALPHA) {
  const activation = activationOfCode(shape['activation']!).toLowerCase() as FusedActivation;
  return activation === 'leakyrelu' ? { activation, leakyreluAlpha: alpha } : { activation };
}
