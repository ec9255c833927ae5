export type { Id, Range } from '../network/index.js';

import type { Id } from '../network/index.js';

/**
 * One fused unit, as a runtime really runs it: a convolution with folded batch normalisation, bias and
 * activation is one kernel. Kernels of equal `key` take equal time, whatever network they come from.
 */
export interface Kernel {
  /** Family and shape in one line: `dense(inputs=256,units=10,bias=1,activation=0)`. */
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

/** Bytes of a float32. */
export const FLOAT_BYTES = 4;

/** Makes a kernel and its key. Fields of `shape` keep the order of their family. */
export function kernel(fields: Omit<Kernel, 'key'>): Kernel {
  const shape = Object.entries(fields.shape)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return { key: `${fields.family}(${shape})`, ...fields };
}
