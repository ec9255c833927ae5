import * as tf from '@tensorflow/tfjs-core';
import { complain, randomStream } from '../foundation/index.js';
import type { Range } from '../network/index.js';
import type { KernelShape, Operands } from './kernels/index.js';
import { loadBiases, loadFilters } from './unit-operands.js';

/**
 * Inputs and weights of a kernel of this family and shape, of random numbers.
 * @throws NonnError if the shape lacks a field.
 */
export function randomOperands(family: string, shape: KernelShape): Operands {
  const number = (name: string) => field(family, shape, name);
  const map = (channels = number('channels')) => randomMap(number('height'), number('width'), channels);
  switch (family) {
    case 'conv2d': {
      const groups = number('groups');
      const filters = number('filters');
      const size = [...windowOf(number), number('channels') / groups, filters] as const;
      return { inputs: [map()], ...randomFilters(size, groups), ...randomBiases(shape, filters, groups) };
    }
    case 'depthwiseConv2d': {
      const size = [...windowOf(number), number('channels'), number('multiplier')] as const;
      return {
        inputs: [map()],
        ...randomFilters(size, 1),
        ...randomBiases(shape, number('channels') * number('multiplier'), 1),
      };
    }
    case 'convTranspose2d': {
      const [groups, filters] = [number('groups'), number('filters')];
      const size = [...windowOf(number), filters / groups, number('channels')] as const;
      return { inputs: [map()], ...randomFilters(size, groups), ...randomBiases(shape, filters, 1) };
    }
    case 'channelConv2d': {
      const filters = number('filters');
      const size = [...windowOf(number), number('depth'), filters] as const;
      return { inputs: [map()], ...randomFilters(size, 1), ...randomBiases(shape, filters, 1) };
    }
    case 'dense': {
      const [inputs, units] = [number('inputs'), number('units')];
      return {
        inputs: [randomMap(1, 1, inputs)],
        matrix: tf.tensor2d(randomNumbers(inputs * units), [inputs, units]),
        ...randomBiases(shape, units, 1),
      };
    }
    case 'batchNorm': {
      const vector = () => tf.tensor1d(randomNumbers(number('channels')).map((value) => value + 1.5));
      return {
        inputs: [map()],
        norm: { gamma: vector(), beta: vector(), mean: vector(), variance: vector() },
        epsilon: 1e-3,
      };
    }
    case 'layerNorm': {
      const vector = () => tf.tensor1d(randomNumbers(number('channels')));
      return { inputs: [map()], norm: { gamma: vector(), beta: vector() }, epsilon: 1e-3 };
    }
    case 'localResponseNorm':
      return { inputs: [map()], alpha: 1e-4, beta: 0.75, bias: 1 };
    case 'prelu': {
      const pixels = shape['perPixel'] === 1 ? number('height') * number('width') : 1;
      const channels = shape['perChannel'] === 1 ? number('channels') : 1;
      const slope = tf.tensor1d(randomNumbers(pixels * channels));
      return { inputs: [map()], slope };
    }
    case 'embedding': {
      const [vocabulary, units] = [number('vocabulary'), number('units')];
      const rows = Float32Array.from({ length: number('inputs') }, (_, index) => (index * 167) % vocabulary);
      return {
        inputs: [tf.tensor4d(rows, [1, 1, 1, rows.length])],
        matrix: tf.tensor2d(randomNumbers(vocabulary * units), [vocabulary, units]),
      };
    }
    case 'matmul': {
      const [inner, columns] = [number('channels'), number('columns')];
      const sides = number('transposeB') === 1 ? ([columns, inner] as const) : ([inner, columns] as const);
      return { inputs: [map(), randomMap(number('height'), ...sides)] };
    }
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
      return {
        inputs: Array.from({ length: number('terms') }, (_, index) => {
          const repeated = shape[`repeated${index + 1}`] ?? 0;
          const side = (name: string, bit: number) => ((repeated & bit) === 0 ? number(name) : 1);
          return randomMap(side('height', 1), side('width', 2), side('channels', 4));
        }),
      };
    case 'concat': {
      const names = ['height', 'width', 'channels'] as const;
      const axis = shape['axis'] ?? 2;
      return {
        inputs: shares(number(names[axis]!), number('parts')).map(([from, to]) => {
          const sizes = names.map((name, index) => (index === axis ? to - from : number(name)));
          return randomMap(...(sizes as [number, number, number]));
        }),
      };
    }
    default:
      return { inputs: [map()] };
  }
}

function windowOf(number: (name: string) => number) {
  return [number('kernelHeight'), number('kernelWidth')] as const;
}

function randomFilters(size: readonly [number, number, number, number], groups: number) {
  return loadFilters(randomNumbers(size.reduce((a, b) => a * b, 1)), size, groups);
}

function randomBiases(shape: KernelShape, length: number, groups: number) {
  return loadBiases(shape['bias'] === 1 ? randomNumbers(length) : undefined, groups);
}

/** A map of random numbers. */
export function randomMap(height: number, width: number, channels: number): tf.Tensor4D {
  return tf.tensor4d(randomNumbers(height * width * channels), [1, height, width, channels]);
}

/** A length cut into so many parts that differ by one at the most. */
export function shares(length: number, parts: number): Range[] {
  const at = (index: number) => Math.floor((length * index) / parts);
  return Array.from({ length: parts }, (_, index): Range => [at(index), at(index + 1)]);
}

const pattern = new Float32Array(65_521);
{
  const { uniform } = randomStream(0, 'kernel data');
  for (let index = 0; index < pattern.length; index++) pattern[index] = 2 * uniform() - 1;
}

/** Numbers in -1..1, repeated from a short pattern: drawing millions would take longer than what is measured. */
function randomNumbers(length: number): Float32Array {
  const numbers = new Float32Array(length);
  for (let from = 0; from < length; from += pattern.length)
    numbers.set(pattern.subarray(0, Math.min(pattern.length, length - from)), from);
  return numbers;
}

/** A field of a kernel's shape. @throws NonnError if it is not there. */
export function field(family: string, shape: KernelShape, name: string): number {
  const value = shape[name];
  if (value === undefined)
    throw complain({ path: family, found: `a kernel without "${name}"`, expected: 'its whole shape' });
  return value;
}
