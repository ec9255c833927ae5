import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../../src/foundation/index.js';
import { type TrainingKernels, trainingKernels } from '../../../../src/learn/train/index.js';
import { type Backend, type BackendName, openBackend, use } from '../../../../src/runtime/index.js';
import { withoutNative } from '../../../support/native.js';
import { apart } from './random-convolution.js';

type Shape = readonly [number, number, number, number];

const EPSILON = 1e-3;
const shapes: fc.Arbitrary<Shape> = fc.tuple(
  fc.integer({ min: 2, max: 4 }),
  fc.integer({ min: 2, max: 9 }),
  fc.integer({ min: 2, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
);

/** Numbers that keep off zero, where ReLU has its kink; scales and offsets; and weights of the outputs. */
function operands(shape: Shape, seed: number) {
  const { normal } = randomStream(seed, 'operands');
  const draw = (count: number, make: (x: number) => number) =>
    Float32Array.from({ length: count }, () => make(normal()));
  const size = shape.reduce((product, one) => product * one, 1);
  return {
    x: draw(size, (x) => x + Math.sign(x) * 0.1),
    gamma: draw(shape[3], (x) => 1 + x / 4),
    beta: draw(shape[3], (x) => x),
    weights: draw(size, (x) => x),
  };
}

type Operands = ReturnType<typeof operands>;

/** Output, statistics and gradients of a normalisation on the current backend. */
function normalised(kernels: TrainingKernels, shape: Shape, { x, gamma, beta, weights }: Operands) {
  const found: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const loss = (input: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
      const { output, mean, variance } = kernels.batchNorm(
        input as tf.Tensor4D,
        scale as tf.Tensor1D,
        offset as tf.Tensor1D,
        EPSILON,
      );
      found['output'] = output.dataSync() as Float32Array;
      found['mean'] = mean.dataSync() as Float32Array;
      found['variance'] = variance.dataSync() as Float32Array;
      tf.dispose([mean, variance]);
      return tf.sum(tf.mul(output, tf.tensor(weights, [...shape])));
    };
    const gradients = tf.grads(loss as (...inputs: tf.Tensor[]) => tf.Tensor)([
      tf.tensor(x, [...shape]),
      tf.tensor1d(gamma),
      tf.tensor1d(beta),
    ]);
    for (const [index, name] of ['dx', 'dgamma', 'dbeta'].entries())
      found[name] = gradients[index]!.dataSync() as Float32Array;
  });
  return found;
}

function rectified(kernels: TrainingKernels, shape: Shape, { x, weights }: Operands) {
  return tf.tidy(() => {
    const loss = (input: tf.Tensor) =>
      tf.sum(tf.mul(kernels.relu(input as tf.Tensor4D), tf.tensor(weights, [...shape])));
    const gradient = tf
      .grad(loss)(tf.tensor(x, [...shape]))
      .dataSync() as Float32Array;
    const output = kernels.relu(tf.tensor4d(x, [...shape])).dataSync() as Float32Array;
    return { output, gradient };
  });
}

const fast: readonly { readonly name: BackendName; readonly absent: string }[] = [
  { name: 'tfjs-wasm', absent: '' },
  { name: 'tfjs-node', absent: withoutNative },
];

for (const { name, absent } of fast)
  describe.skipIf(absent)(`training kernels of ${name}${absent}`, () => {
    let backend: Backend;
    let plain: Backend;
    beforeAll(async () => {
      plain = await openBackend('tfjs-cpu');
      backend = await openBackend(name, name === 'tfjs-node' ? { threads: 1 } : {});
    });

    it('normalise a batch, and take its gradients, as those composed of plain operations do', () => {
      fc.assert(
        fc.property(shapes, fc.nat(), (shape, seed) => {
          const given = operands(shape, seed);
          use(backend);
          const found = normalised(trainingKernels(name), shape, given);
          use(plain);
          const expected = normalised(trainingKernels('tfjs-cpu'), shape, given);
          for (const [part, numbers] of Object.entries(expected))
            expect(apart(found[part]!, numbers), part).toBeLessThan(1e-4);
        }),
        { numRuns: 40 },
      );
    });

    it('normalise a batch that is far from zero', () => {
      const shape: Shape = [4, 6, 6, 3];
      const given = operands(shape, 1);
      const far = { ...given, x: given.x.map((x) => x + 100) };
      use(backend);
      const found = normalised(trainingKernels(name), shape, far);
      const near = normalised(trainingKernels(name), shape, given);
      expect(apart(found['output']!, near['output']!)).toBeLessThan(1e-3);
      expect(apart(found['dx']!, near['dx']!)).toBeLessThan(1e-3);
    });

    it('take gradients of a normalisation that equal central differences', () => {
      const shape: Shape = [3, 4, 5, 2];
      const given = operands(shape, 7);
      use(backend);
      const kernels = trainingKernels(name);
      const found = normalised(kernels, shape, given);
      const loss = (moved: Operands) =>
        normalised(kernels, shape, moved)['output']!.reduce(
          (sum, one, at) => sum + one * given.weights[at]!,
          0,
        );
      for (const [operand, gradient] of [
        ['x', 'dx'],
        ['gamma', 'dgamma'],
        ['beta', 'dbeta'],
      ] as const) {
        const step = 1e-2;
        const differences = given[operand].map((_, at) => {
          const moved = (by: number) =>
            loss({
              ...given,
              [operand]: given[operand].map((one, index) => (index === at ? one + by : one)),
            });
          return (moved(step) - moved(-step)) / (2 * step);
        });
        expect(apart(found[gradient]!, differences), gradient).toBeLessThan(1e-2);
      }
    });

    it('rectify, and pass the gradient where the input is above zero', () => {
      const shape: Shape = [2, 5, 4, 3];
      const given = operands(shape, 3);
      use(backend);
      const { output, gradient } = rectified(trainingKernels(name), shape, given);
      expect([...output]).toEqual([...given.x].map((x) => Math.max(0, x)));
      expect([...gradient].map((one) => one + 0)).toEqual(
        [...given.weights].map((weight, at) => (given.x[at]! > 0 ? weight : 0)),
      );
    });

    it('keep no tensor but those that the caller gets', () => {
      use(backend);
      const shape: Shape = [2, 4, 4, 3];
      normalised(trainingKernels(name), shape, operands(shape, 1));
      const before = tf.memory().numTensors;
      normalised(trainingKernels(name), shape, operands(shape, 1));
      expect(tf.memory().numTensors).toBe(before);
    });
  });

describe('the gradient of pooling on wasm', () => {
  const window = fc.record({
    input: fc.tuple(
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 4, max: 9 }),
      fc.integer({ min: 4, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
    ),
    kernel: fc.integer({ min: 2, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    kind: fc.constantFrom('maxPool' as const, 'avgPool' as const),
    seed: fc.nat(),
  });

  it('equals that of the plain JavaScript backend', async () => {
    const plain = await openBackend('tfjs-cpu');
    const wasm = await openBackend('tfjs-wasm');
    trainingKernels('tfjs-wasm');
    fc.assert(
      fc.property(window, ({ input, kernel, stride, pad, kind, seed }) => {
        const { x, weights } = operands(input, seed);
        const gradient = () =>
          tf.tidy(() => {
            const loss = (map: tf.Tensor) => {
              const pool = kind === 'maxPool' ? tf.maxPool : tf.avgPool;
              const y = pool(map as tf.Tensor4D, kernel, stride, pad);
              return tf.sum(tf.mul(y, tf.tensor(weights.subarray(0, y.size), y.shape)));
            };
            return tf.grad(loss)(tf.tensor(x, input)).dataSync() as Float32Array;
          });
        fc.pre(kernel >= stride);
        use(wasm);
        const found = gradient();
        use(plain);
        expect(apart(found, gradient())).toBeLessThan(1e-4);
      }),
      { numRuns: 60 },
    );
  });
});
