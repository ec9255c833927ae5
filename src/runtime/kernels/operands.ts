import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * What a kernel works on. Maps are `[batch, height, width, channels]`; the batch is that of the inputs, and no kernel's
 * shape says it. Of several inputs some may have a batch of 1, as constants have: they count for every image.
 */
export interface Operands {
  readonly inputs: readonly Tensor4D[];
  /**
   * Filters of a convolution, one tensor a group: `[height, width, channels / groups, filters / groups]`; transposed
   * `[height, width, filters / groups, channels / groups]`; along the channels `[height, width, depth, filters]`.
   */
  readonly filters?: readonly Tensor4D[];
  /** Matrix of a dense layer, `[inputs, units]`, or table of an embedding, `[vocabulary, units]`. */
  readonly matrix?: Tensor2D;
  /** Slopes of a parametric ReLU: one an element, one a channel, or one. */
  readonly slope?: Tensor1D;
  /** Biases, one tensor a group. */
  readonly biases?: readonly Tensor1D[];
  readonly norm?: {
    readonly gamma: Tensor1D;
    readonly beta: Tensor1D;
    /** Of a batch normalisation only, as the variance. */
    readonly mean?: Tensor1D;
    readonly variance?: Tensor1D;
  };
  /** Numbers of an activation or a local response normalisation: see their layers. */
  readonly alpha?: number;
  readonly beta?: number;
  /** Added to a sum of squares by a local response normalisation. */
  readonly bias?: number;
  /** Added to the variance by a normalisation that stands alone. */
  readonly epsilon?: number;
  /** What a margin holds. */
  readonly value?: number;
  /** All numbers of a constant, `[1, height, width, channels]`. */
  readonly constant?: Tensor4D;
}

/** The fields of a kernel's shape, that of one image: see `describeUnit` for those of each family. */
export type KernelShape = Readonly<Record<string, number>>;

/** Runs one kernel; the result is a new tensor that belongs to the caller. */
export type Run = (shape: KernelShape, operands: Operands) => Tensor4D;

/** Slope where a leaky ReLU gives none: Keras' default. */
export const DEFAULT_ALPHA = 0.3;
