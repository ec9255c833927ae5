import type { NeededInput, Region } from '../network/index.js';
import type { Id, Kernel } from './kernel.js';
import type { Unit } from './unit.js';

/** A tensor that holds a region of a unit's output, every channel of it. */
export interface Held {
  readonly layer: Id;
  readonly region: Region;
  /** `uint8` is decoded to 0..1 before use; `float32` where it is left out. */
  readonly dtype?: 'float32' | 'int8' | 'uint8';
}

/** One step of a lowered demand. Tensors are named by their place in `Lowered.tensors`. */
export type Step =
  /** Runs a unit's kernel (null: it only gives the tensor a new name and shape) on one tensor an input. */
  | {
      readonly kind: 'unit';
      readonly unit: Unit;
      readonly inputs: readonly number[];
      readonly needed: readonly NeededInput[];
      readonly output: number;
      readonly kernel: Kernel | null;
    }
  /** Assembles a region out of tensors of the same layer, or cuts it out of one. */
  | {
      readonly kind: 'gather';
      readonly inputs: readonly number[];
      readonly output: number;
      readonly kernel: Kernel;
    }
  /** Turns bytes of an image into numbers in 0..1. */
  | {
      readonly kind: 'dequantise';
      readonly inputs: readonly [number];
      readonly output: number;
      readonly kernel: Kernel;
    };

/** A demand as a list of steps. */
export interface Lowered {
  /** Every tensor that the steps read or make: what is read first, in the order given. */
  readonly tensors: readonly Held[];
  readonly steps: readonly Step[];
  /** The tensor of each written region, in the order given. */
  readonly writes: readonly number[];
  /** The kernels that run, in order. */
  readonly kernels: readonly Kernel[];
  /** Largest sum of bytes of tensors that live inside: neither read nor written by the demand. */
  readonly transientBytes: number;
}
