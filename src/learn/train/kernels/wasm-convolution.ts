import * as tf from '@tensorflow/tfjs-core';

/** How a convolution's window moves over its input. */
export interface Sliding {
  /** `[batch, height, width, channels]` of the input. */
  readonly input: readonly [number, number, number, number];
  /** `[height, width, channels, filters]`; of a depthwise convolution `[height, width, channels, multiplier]`. */
  readonly filter: readonly [number, number, number, number];
  readonly stride: readonly [number, number];
  /** Rows above and columns to the left that are added to the input. */
  readonly before: readonly [number, number];
}

/**
 * Gradient of a convolution with respect to its filter, as a convolution: a tap of the filter meets every pixel of the
 * output gradient once in each image, so the images are the channels, the channels of the input its images, and the
 * output gradient slides over it as a filter, dilated by the stride.
 * @param x `[batch, height, width, channels]` @param dy `[batch, rows, columns, filters]`
 * @returns `[height, width, channels, filters]` of the filter
 */
export function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, of: Sliding): tf.Tensor4D {
  const [height, width, channels, filters] = of.filter;
  const [, rows, columns] = dy.shape;
  if (isPointwise(of, dy)) {
    const pixels = tf.reshape(everyStride(x, of, dy), [-1, channels]);
    const product = tf.matMul(tf.transpose(pixels), tf.reshape(dy, [-1, filters]));
    return tf.reshape(product, [1, 1, channels, filters]);
  }
  const needed = [height + (rows - 1) * of.stride[0], width + (columns - 1) * of.stride[1]] as const;
  const images = fitted(tf.transpose(x, [3, 1, 2, 0]), of.before, needed);
  const sliding = tf.transpose(dy, [1, 2, 0, 3]);
  const { map, padding } = images;
  const taps = tf.conv2d(map, sliding, 1, padding, 'NHWC', [...of.stride]);
  return tf.transpose(taps, [1, 2, 0, 3]);
}

/**
 * Gradient of a convolution with respect to its input: a convolution of the output gradient, with zeros between its pixels
 * where the stride is more than one, with the filter turned by half and its channels and filters exchanged.
 * @param dy `[batch, rows, columns, filters]` @param filter `[height, width, channels, filters]`
 * @returns `[batch, height, width, channels]` of the input
 */
export function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, of: Sliding): tf.Tensor4D {
  const [height, width, channels, filters] = of.filter;
  const [, rows, columns] = of.input;
  if (isPointwise(of, dy)) {
    const turned = tf.transpose(tf.reshape(filter, [channels, filters]));
    const pixels = tf.matMul(tf.reshape(dy, [-1, filters]), turned);
    const made = tf.reshape(pixels, [dy.shape[0], dy.shape[1], dy.shape[2], channels]);
    return spread(made as tf.Tensor4D, of.stride, [rows, columns]);
  }
  const { map, padding } = reaching(dy, of);
  const turned = tf.transpose(tf.reverse(filter, turning(height, width)), [0, 1, 3, 2]);
  return tf.conv2d(map, turned, 1, padding);
}

/**
 * Gradient of a depthwise convolution with respect to its filter, tap by tap: the mean of products of what the tap saw with
 * the output gradient.
 * @param x `[batch, height, width, channels]` @param dy `[batch, rows, columns, channels * multiplier]`
 * @returns `[height, width, channels, multiplier]` of the filter
 */
export function depthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, of: Sliding): tf.Tensor4D {
  const [height, width, channels, multiplier] = of.filter;
  const [batch, rows, columns] = dy.shape;
  const [down, right] = of.stride;
  const needed = [height + (rows - 1) * down, width + (columns - 1) * right] as const;
  const { map, padding } = fitted(x, of.before, needed);
  const padded = tf.pad(map, padding);
  const taps: tf.Tensor[] = [];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const seen = tf.tidy(() => {
        const part = tf.slice(
          padded,
          [0, row, column, 0],
          [batch, (rows - 1) * down + 1, (columns - 1) * right + 1, channels],
        );
        const met =
          down === 1 && right === 1
            ? part
            : tf.stridedSlice(part, [0, 0, 0, 0], part.shape, [1, down, right, 1]);
        const wide =
          multiplier === 1
            ? met
            : tf.reshape(tf.tile(tf.reshape(met, [-1, channels, 1]), [1, 1, multiplier]), [
                batch,
                rows,
                columns,
                channels * multiplier,
              ]);
        return channelSums(tf.mul(wide, dy));
      });
      taps.push(seen);
    }
  return tf.reshape(tf.stack(taps), [height, width, channels, multiplier]);
}

/**
 * Gradient of a depthwise convolution with respect to its input: a depthwise convolution of the output gradient with the
 * filter turned by half; what a channel gave to several outputs is summed.
 * @param dy `[batch, rows, columns, channels * multiplier]` @param filter `[height, width, channels, multiplier]`
 * @returns `[batch, height, width, channels]` of the input
 */
export function depthwiseInputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, of: Sliding): tf.Tensor4D {
  const [height, width, channels, multiplier] = of.filter;
  const { map, padding } = reaching(dy, of);
  const turned = tf.reshape(tf.reverse(filter, turning(height, width)), [
    height,
    width,
    channels * multiplier,
    1,
  ]) as tf.Tensor4D;
  const each = tf.depthwiseConv2d(tf.pad(map, padding), turned, 1, 'valid');
  if (multiplier === 1) return each;
  return tf.reshape(tf.sum(tf.reshape(each, [-1, channels, multiplier]), 2), [...of.input]);
}

/** Sums over images, rows and columns, `[channels]`, by the pooling kernel: tfjs sums along the last axis only. */
export function channelSums(map: tf.Tensor4D): tf.Tensor1D {
  const [batch, height, width, channels] = map.shape;
  const means = tf.reshape(tf.avgPool(map, [height, width], 1, 'valid'), [batch, channels]);
  return tf.mul(tf.sum(means, 0), height * width) as tf.Tensor1D;
}

/** Whether each pixel of the output is made of one pixel of the input. */
function isPointwise({ input, filter, stride, before }: Sliding, dy: tf.Tensor4D): boolean {
  return [0, 1].every(
    (axis) =>
      filter[axis] === 1 &&
      before[axis] === 0 &&
      (dy.shape[axis + 1]! - 1) * stride[axis]! < input[axis + 1]!,
  );
}

/** Axes along which a filter of such a size is not the same when turned. */
function turning(height: number, width: number): number[] {
  return [...(height > 1 ? [0] : []), ...(width > 1 ? [1] : [])];
}

/** The pixels that a 1x1 filter sees. */
function everyStride(x: tf.Tensor4D, { stride: [down, right] }: Sliding, dy: tf.Tensor4D): tf.Tensor4D {
  if (down === 1 && right === 1 && x.shape[1] === dy.shape[1] && x.shape[2] === dy.shape[2]) return x;
  const [batch, rows, columns] = dy.shape;
  const end = [batch, (rows - 1) * down + 1, (columns - 1) * right + 1, x.shape[3]];
  return tf.stridedSlice(x, [0, 0, 0, 0], end, [1, down, right, 1]) as tf.Tensor4D;
}

/** The output gradient with zeros between its pixels and around it, over which the turned filter gives the whole input. */
function reaching(dy: tf.Tensor4D, { input, filter: [height, width], stride, before }: Sliding): Fitted {
  const wide = spread(dy, stride, [dy.shape[1] * stride[0], dy.shape[2] * stride[1]]);
  const [, rows, columns] = input;
  return fitted(
    wide,
    [height - 1 - before[0], width - 1 - before[1]],
    [rows + height - 1, columns + width - 1],
  );
}

/** Puts zeros between pixels and behind them, up to a size. */
function spread(
  map: tf.Tensor4D,
  [down, right]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): tf.Tensor4D {
  const [batch, height, width, channels] = map.shape;
  let wide = map;
  if (down > 1 || right > 1) {
    const apart = tf.pad(tf.reshape(map, [batch * height, 1, width, 1, channels]), [
      [0, 0],
      [0, down - 1],
      [0, 0],
      [0, right - 1],
      [0, 0],
    ]);
    wide = tf.reshape(apart, [batch, height * down, width * right, channels]);
  }
  const { map: cut, padding } = fitted(wide, [0, 0], [rows, columns]);
  return padding.flat().some((size) => size > 0) ? tf.pad(cut, padding) : cut;
}

interface Fitted {
  readonly map: tf.Tensor4D;
  readonly padding: [[number, number], [number, number], [number, number], [number, number]];
}

/** A map, cut where it must be, and the zeros around it that bring it to a size; `before` may be negative. */
function fitted(
  map: tf.Tensor4D,
  before: readonly [number, number],
  [rows, columns]: readonly [number, number],
): Fitted {
  const [batch, height, width, channels] = map.shape;
  const from = [Math.max(0, -before[0]), Math.max(0, -before[1])] as const;
  const above = [Math.max(0, before[0]), Math.max(0, before[1])] as const;
  const kept = [Math.min(height - from[0], rows - above[0]), Math.min(width - from[1], columns - above[1])];
  const isWhole = kept[0] === height && kept[1] === width;
  return {
    map: isWhole ? map : tf.slice(map, [0, ...from, 0], [batch, kept[0]!, kept[1]!, channels]),
    padding: [
      [0, 0],
      [above[0], rows - above[0] - kept[0]!],
      [above[1], columns - above[1] - kept[1]!],
      [0, 0],
    ],
  };
}
