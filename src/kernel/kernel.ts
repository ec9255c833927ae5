/** Name of a device, layer, piece, task, message. */
export type Id = string;

/** Half-open range of indices. */
export type Range = readonly [from: number, to: number];

/**
 * One fused unit, as a runtime really runs it: a convolution with folded batch normalisation, bias and
 * activation is one kernel. Kernels of equal `key` take equal time, whatever network they come from.
 */
export interface Kernel {
  /** Family and shape in one line: `conv2d 34x34x16>32x32x16 3x3/1 relu`. */
  readonly key: string;
  /** The operator: `conv2d`, `depthwiseConv2d`, `dense`, `maxPool`, ... */
  readonly family: string;
  /** Layers of the network that it computes. */
  readonly layers: readonly Id[];
  /** Everything that its work and its time depend on; together with the family enough to run it on random data. */
  readonly shape: Readonly<Record<string, number>>;
  /** Multiply-adds of convolutions and dense layers. */
  readonly macs: number;
  /** Floating-point operations, two for a multiply-add. */
  readonly flops: number;
  /** Bytes read and written: inputs, weights and output, once each. */
  readonly bytes: number;
}
