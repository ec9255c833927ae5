import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

/** A convolution with numbers, small enough for finite differences. */
export interface RandomConvolution {
  readonly kind: 'conv2d' | 'depthwiseConv2d';
  /** `[batch, height, width, channels]` */
  readonly input: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  /** Filters, or of a depthwise convolution outputs a channel. */
  readonly filters: number;
  readonly stride: readonly [number, number];
  readonly padding: 'same' | 'valid' | tf.backend_util.ExplicitPadding;
  readonly seed: number;
}

const side = fc.integer({ min: 5, max: 11 });
const pad = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
const size = fc.constantFrom(1, 2, 3, 5);

const padding: fc.Arbitrary<RandomConvolution['padding']> = fc.oneof(
  fc.constantFrom('same' as const, 'valid' as const),
  fc
    .tuple(pad, pad)
    .map(([rows, columns]): tf.backend_util.ExplicitPadding => [[0, 0], rows, columns, [0, 0]]),
);

/** Kernels of 1x1 to 5x5, odd and even maps, strides of 1 to 3, all paddings. */
export const randomConvolution: fc.Arbitrary<RandomConvolution> = fc.record({
  kind: fc.constantFrom('conv2d' as const, 'depthwiseConv2d' as const),
  input: fc.tuple(fc.integer({ min: 1, max: 3 }), side, side, fc.integer({ min: 1, max: 5 })),
  kernel: fc.oneof(
    size.map((one): [number, number] => [one, one]),
    fc.tuple(size, size),
  ),
  filters: fc.integer({ min: 1, max: 5 }),
  stride: fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .map(([down, right]): [number, number] => (down === 2 ? [2, 2] : [down, right])),
  padding,
  seed: fc.nat(),
});

export function filterShape({ kind, input, kernel, filters }: RandomConvolution) {
  return kind === 'conv2d' || filters === 1
    ? ([...kernel, input[3], filters] as [number, number, number, number])
    : ([...kernel, input[3], Math.min(filters, 2)] as [number, number, number, number]);
}

/** Runs it on the current backend. */
export function run(of: RandomConvolution, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const { kind, stride, padding } = of;
  return kind === 'conv2d'
    ? tf.conv2d(x, filter, [...stride], padding)
    : tf.depthwiseConv2d(x, filter, [...stride], padding as 'same');
}

/** Gradients of the sum of outputs times `weights` on the current backend, as numbers. */
export function gradientsOf(
  of: RandomConvolution,
  x: Float32Array,
  filter: Float32Array,
  weights: Float32Array,
) {
  return tf.tidy(() => {
    const loss = (input: tf.Tensor, kernel: tf.Tensor) => {
      const y = run(of, input as tf.Tensor4D, kernel as tf.Tensor4D);
      return tf.sum(tf.mul(y, tf.tensor(weights.subarray(0, y.size), y.shape)));
    };
    const [dx, dfilter] = tf.grads(loss as (...inputs: tf.Tensor[]) => tf.Tensor)([
      tf.tensor(x, [...of.input]),
      tf.tensor(filter, filterShape(of)),
    ]);
    return { x: dx!.dataSync() as Float32Array, filter: dfilter!.dataSync() as Float32Array };
  });
}

/** The largest difference, as a share of the largest number of the second. */
export function apart(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = expected.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const worst = found.reduce((most, one, at) => Math.max(most, Math.abs(one - expected[at]!)), 0);
  return worst / (scale || 1);
}
