import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../../src/foundation/index.js';
import { trainingKernels } from '../../../../src/learn/train/index.js';
import { type Backend, openBackend, use } from '../../../../src/runtime/index.js';
import {
  apart,
  filterShape,
  gradientsOf,
  type RandomConvolution,
  randomConvolution,
  run,
} from './random-convolution.js';

let wasm: Backend;
let plain: Backend;

beforeAll(async () => {
  plain = await openBackend('tfjs-cpu');
  wasm = await openBackend('tfjs-wasm');
  trainingKernels('tfjs-wasm');
});

function numbers(count: number, seed: number, name: string): Float32Array {
  const { normal } = randomStream(seed, name);
  return Float32Array.from({ length: count }, () => normal());
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Numbers for a convolution; a window that does not fit into its map gives none. */
function operands(of: RandomConvolution) {
  const { input, kernel, padding, seed } = of;
  const added = typeof padding === 'string' ? [0, 0] : [padding[1], padding[2]].map(([a, b]) => a + b);
  // Where the stride is larger than such a kernel, tfjs 4.22 itself gives zeros on wasm.
  const isPoint = kernel.every((size) => size === 1);
  fc.pre(padding !== 'same' || isPoint || kernel.every((size, axis) => size >= of.stride[axis]!));
  fc.pre(padding === 'same' || kernel.every((size, axis) => size <= input[axis + 1]! + added[axis]!));
  const x = numbers(sizeOf(input), seed, 'x');
  const filter = numbers(sizeOf(filterShape(of)), seed, 'filter');
  const weights = numbers(100_000, seed, 'weights');
  return { x, filter, weights };
}

describe('gradients of convolutions on wasm', () => {
  it('equal those of the plain JavaScript backend, for every padding, stride and kernel', () => {
    fc.assert(
      fc.property(randomConvolution, (of) => {
        const { x, filter, weights } = operands(of);
        use(wasm);
        const found = gradientsOf(of, x, filter, weights);
        use(plain);
        const expected = gradientsOf(of, x, filter, weights);
        const tolerance = Math.max(...of.kernel) >= 5 ? 2e-4 : 1e-4;
        expect(apart(found.x, expected.x), 'input').toBeLessThan(tolerance);
        expect(apart(found.filter, expected.filter), 'filter').toBeLessThan(tolerance);
      }),
      { numRuns: 150 },
    );
  });

  it('equal central differences of the loss', () => {
    fc.assert(
      fc.property(randomConvolution, (of) => {
        const { x, filter, weights } = operands(of);
        use(wasm);
        const found = gradientsOf(of, x, filter, weights);
        const loss = (input: Float32Array, kernel: Float32Array) =>
          tf.tidy(() => {
            const y = run(of, tf.tensor4d(input, [...of.input]), tf.tensor4d(kernel, filterShape(of)));
            // Summed in doubles: differences of float32 sums would be mostly rounding.
            return (y.dataSync() as Float32Array).reduce((sum, one, at) => sum + one * weights[at]!, 0);
          });
        const direction = {
          x: numbers(x.length, of.seed, 'dx'),
          filter: numbers(filter.length, of.seed, 'df'),
        };
        for (const name of ['x', 'filter'] as const) {
          // A convolution is linear in either operand, so the step may be large.
          const moved = (sign: number) =>
            (name === 'x' ? x : filter).map((one, at) => one + sign * direction[name][at]!);
          const ends = [1, -1].map((sign) =>
            name === 'x' ? loss(moved(sign), filter) : loss(x, moved(sign)),
          ) as [number, number];
          const difference = (ends[0] - ends[1]) / 2;
          const along = found[name].reduce((sum, one, at) => sum + one * direction[name][at]!, 0);
          const scale = Math.hypot(...found[name]);
          expect(Math.abs(along - difference), name).toBeLessThan(1e-2 * Math.max(scale, 1e-3));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('equal central differences number by number', () => {
    const of: RandomConvolution = {
      kind: 'conv2d',
      input: [2, 5, 6, 2],
      kernel: [3, 2],
      filters: 3,
      stride: [2, 1],
      padding: 'same',
      seed: 1,
    };
    const { x, filter, weights } = operands(of);
    use(wasm);
    const found = gradientsOf(of, x, filter, weights);
    const loss = (kernel: Float32Array) =>
      tf.tidy(() => {
        const y = run(of, tf.tensor4d(x, [...of.input]), tf.tensor4d(kernel, filterShape(of)));
        return (y.dataSync() as Float32Array).reduce((sum, one, at) => sum + one * weights[at]!, 0);
      });
    const differences = filter.map((_, at) => {
      const moved = (step: number) => filter.map((one, index) => (index === at ? one + step : one));
      return (loss(moved(0.5)) - loss(moved(-0.5))) / 1;
    });
    expect(apart(found.filter, differences)).toBeLessThan(1e-2);
  });

  it('leave the transposed convolution of inference what it was', () => {
    use(wasm);
    const made = tf.tidy(() => {
      const x = tf.tensor4d(numbers(2 * 4 * 4 * 3, 1, 'x'), [2, 4, 4, 3]);
      const filter = tf.tensor4d(numbers(3 * 3 * 5 * 3, 1, 'filter'), [3, 3, 5, 3]);
      return tf.conv2dTranspose(x, filter, [2, 8, 8, 5], 2, 'same').dataSync() as Float32Array;
    });
    use(plain);
    const expected = tf.tidy(() => {
      const x = tf.tensor4d(numbers(2 * 4 * 4 * 3, 1, 'x'), [2, 4, 4, 3]);
      const filter = tf.tensor4d(numbers(3 * 3 * 5 * 3, 1, 'filter'), [3, 3, 5, 3]);
      return tf.conv2dTranspose(x, filter, [2, 8, 8, 5], 2, 'same').dataSync() as Float32Array;
    });
    expect(apart(made, expected)).toBeLessThan(1e-5);
  });

  it('of a matrix product equal those of the plain JavaScript backend', () => {
    const product = () =>
      tf.tidy(() => {
        const weights = tf.tensor2d(numbers(7 * 4, 3, 'weights'), [7, 4]);
        const loss = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(tf.matMul(a, b), weights));
        const gradients = tf.grads(loss as (...inputs: tf.Tensor[]) => tf.Tensor)([
          tf.tensor2d(numbers(7 * 5, 1, 'a'), [7, 5]),
          tf.tensor2d(numbers(5 * 4, 2, 'b'), [5, 4]),
        ]);
        return gradients.map((gradient) => gradient.dataSync() as Float32Array);
      });
    use(wasm);
    const found = product();
    use(plain);
    for (const [index, expected] of product().entries())
      expect(apart(found[index]!, expected)).toBeLessThan(1e-5);
  });
});
