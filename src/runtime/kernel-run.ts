import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel/index.js';
import type { Region } from '../network/index.js';
import {
  assemble,
  assembleBytes,
  dequantise,
  type KernelShape,
  type Operands,
  runOf,
} from './kernels/index.js';
import { field, randomMap, randomOperands, shares } from './random-operands.js';
import { unload } from './unit-operands.js';

/** A kernel that is ready to run alone, on random data, with the very calls that execution makes. */
export interface KernelRun {
  /** Runs it once, and throws the result away. */
  run(): void;
  /** Writes its inputs anew, as the kernel before it in a network has just done. */
  renew?(): void;
  dispose(): void;
}

/**
 * Prepares a kernel from its family and shape alone, for one image.
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
  const operands = randomOperands(family, shape);
  const kernelRun = runOn(kernel, operands, operands.inputs);
  return {
    ...kernelRun,
    dispose: () => {
      kernelRun.dispose();
      unload(operands);
    },
  };
}

/** One kernel at several batches, with the same weights. */
export interface BatchedKernel {
  /** A run on so many images at once, in the order of the batches. */
  readonly runs: readonly KernelRun[];
  dispose(): void;
}

/**
 * Prepares a kernel of a whole network for batches of so many images. Pieces of images are not assembled, nor bytes turned
 * into numbers, for several images at once: such kernels are for one image only.
 * @throws NonnError for a family that this runtime does not know, or that is for one image only.
 */
export function prepareBatches(kernel: Kernel, batches: readonly number[]): BatchedKernel {
  const { family, shape } = kernel;
  runOf(family);
  const operands = randomOperands(family, shape);
  const runs = batches.map((batch) =>
    runOn(
      kernel,
      operands,
      operands.inputs.map((map) => (batch === 1 ? tf.clone(map) : tf.tile(map, [batch, 1, 1, 1]))),
    ),
  );
  tf.dispose([...operands.inputs]);
  return {
    runs,
    dispose: () => {
      for (const run of runs) run.dispose();
      unload(operands);
    },
  };
}

/** Runs a kernel with its weights on maps, which it takes over. */
function runOn({ family, shape }: Kernel, weights: Operands, maps: readonly tf.Tensor4D[]): KernelRun {
  const run = runOf(family);
  let inputs = maps;
  return {
    run: () => run(shape, { ...weights, inputs }).dispose(),
    renew: () => {
      const written = maps.map((map) => tf.abs(map));
      if (inputs !== maps) tf.dispose([...inputs]);
      inputs = written;
    },
    dispose: () => {
      if (inputs !== maps) tf.dispose([...inputs]);
      tf.dispose([...maps]);
    },
  };
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

function randomBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167) & 255);
}
