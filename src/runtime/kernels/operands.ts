import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/** What a kernel works on. Maps are `[1, height, width, channels]`. */
export interface Operands {
  readonly inputs: readonly Tensor4D[];
  /** Filters of a convolution, one tensor a group: `[height, width, channels / groups, filters / groups]`. */
  readonly filters?: readonly Tensor4D[];
  /** Matrix of a dense layer: `[inputs, units]`. */
  readonly matrix?: Tensor2D;
  /** Biases, one tensor a group. */
  readonly biases?: readonly Tensor1D[];
  readonly norm?: {
    readonly gamma: Tensor1D;
    readonly beta: Tensor1D;
    readonly mean: Tensor1D;
    readonly variance: Tensor1D;
  };
  /** Slope of a leaky ReLU below zero. */
  readonly alpha?: number;
  /** Added to the variance by a batch normalisation that stands alone. */
  readonly epsilon?: number;
}

/** The fields of a kernel's shape: see `describeUnit` for those of each family. */
export type KernelShape = Readonly<Record<string, number>>;

/** Runs one kernel; the result is a new tensor that belongs to the caller. */
export type Run = (shape: KernelShape, operands: Operands) => Tensor4D;

/** Slope where a leaky ReLU gives none: Keras' default. */
export const DEFAULT_ALPHA = 0.3;
