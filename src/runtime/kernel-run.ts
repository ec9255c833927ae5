import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel/index.js';
import type { Region } from '../network/index.js';
import { assemble, assembleBytes, dequantise, type KernelShape, runOf } from './kernels/index.js';
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
  let inputs = operands.inputs;
  return {
    run: () => run(shape, { ...operands, inputs }).dispose(),
    renew: () => {
      const written = operands.inputs.map((map) => tf.abs(map));
      if (inputs !== operands.inputs) tf.dispose([...inputs]);
      inputs = written;
    },
    dispose: () => {
      if (inputs !== operands.inputs) tf.dispose([...inputs]);
      tf.dispose([...operands.inputs]);
      unload(operands);
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
