import * as tf from '@tensorflow/tfjs-core';
import { complain, randomStream } from '../foundation/index.js';
import type { Kernel } from '../kernel/index.js';
import type { Range, Region } from '../network/index.js';
import {
  assemble,
  assembleBytes,
  dequantise,
  type KernelShape,
  type Operands,
  runOf,
} from './kernels/index.js';
import { loadBiases, loadFilters, unload } from './unit-operands.js';

/** A kernel that is ready to run alone, on random data, with the very calls that execution makes. */
export interface KernelRun {
  /** Runs it once, and throws the result away. */
  run(): void;
  dispose(): void;
}

/**
 * Prepares a kernel from its family and shape alone.
 * @throws NonnError for a family that this runtime does not know.
 */
export function prepareKernel(kernel: Kernel): KernelRun {
  const { family, shape } = kernel;
  if (family === 'gather') return prepareGather(shape);
  if (family === 'dequantise') {
    const { height, width, channels } = shape as { height: number; width: number; channels: number };
    const bytes = randomBytes(height * width * channels);
    return { run: () => dequantise(bytes, height, width, channels).dispose(), dispose: () => {} };
  }
  const run = runOf(family);
  const operands = randomOperands(family, shape);
  return {
    run: () => run(shape, operands).dispose(),
    dispose: () => {
      tf.dispose([...operands.inputs]);
      unload(operands);
    },
  };
}

function randomOperands(family: string, shape: KernelShape): Operands {
  const number = (name: string) => field(family, shape, name);
  const map = (channels = number('channels')) => randomMap(number('height'), number('width'), channels);
  switch (family) {
    case 'conv2d': {
      const groups = number('groups');
      const filters = number('filters');
      const window = [number('kernelHeight'), number('kernelWidth')] as const;
      const size = [...window, number('channels') / groups, filters] as const;
      return { inputs: [map()], ...randomFilters(size, groups), ...randomBiases(shape, filters, groups) };
    }
    case 'depthwiseConv2d': {
      const size = [
        number('kernelHeight'),
        number('kernelWidth'),
        number('channels'),
        number('multiplier'),
      ] as const;
      return {
        inputs: [map()],
        ...randomFilters(size, 1),
        ...randomBiases(shape, number('channels') * number('multiplier'), 1),
      };
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
    case 'add':
      return { inputs: Array.from({ length: number('terms') }, () => map()) };
    case 'concat':
      return { inputs: shares(number('channels'), number('parts')).map(([from, to]) => map(to - from)) };
    default:
      return { inputs: [map()] };
  }
}

/** A cut leaves a row out; a join puts strips together. */
function prepareGather(shape: KernelShape): KernelRun {
  const number = (name: string) => field('gather', shape, name);
  const [height, width, channels, count] = ['height', 'width', 'channels', 'parts'].map(number) as [
    number,
    number,
    number,
    number,
  ];
  const region: Region = { rows: [0, height], columns: [0, width] };
  const regions: readonly Region[] =
    count === 1
      ? [{ ...region, rows: [0, height + 1] }]
      : height >= count
        ? shares(height, count).map((rows) => ({ ...region, rows }))
        : shares(width, count).map((columns) => ({ ...region, columns }));
  const sizeOf = ({ rows, columns }: Region) => [rows[1] - rows[0], columns[1] - columns[0]] as const;
  if (number('elementBytes') === 1) {
    const parts = regions.map((part) => {
      const [rows, columns] = sizeOf(part);
      return { region: part, bytes: randomBytes(rows * columns * channels) };
    });
    return { run: () => void assembleBytes(parts, region, channels), dispose: () => {} };
  }
  const parts = regions.map((part) => ({ region: part, map: randomMap(...sizeOf(part), channels) }));
  return {
    run: () => assemble(parts, region).dispose(),
    dispose: () => tf.dispose(parts.map(({ map }) => map)),
  };
}

function randomFilters(size: readonly [number, number, number, number], groups: number) {
  return loadFilters(randomNumbers(size.reduce((a, b) => a * b, 1)), size, groups);
}

function randomBiases(shape: KernelShape, length: number, groups: number) {
  return loadBiases(shape['bias'] === 1 ? randomNumbers(length) : undefined, groups);
}

function randomMap(height: number, width: number, channels: number): tf.Tensor4D {
  return tf.tensor4d(randomNumbers(height * width * channels), [1, height, width, channels]);
}

/** A length cut into so many parts that differ by one at the most. */
function shares(length: number, parts: number): Range[] {
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

function randomBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167) & 255);
}

function field(family: string, shape: KernelShape, name: string): number {
  const value = shape[name];
  if (value === undefined)
    throw complain({ path: family, found: `a kernel without "${name}"`, expected: 'its whole shape' });
  return value;
}
