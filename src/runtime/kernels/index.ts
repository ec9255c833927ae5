import { complain } from '../../foundation/index.js';
import { concat, spaceToDepth, upsample } from './movement.js';
import type { Run } from './operands.js';
import { activation, add, batchNorm, globalAvgPool, softmax } from './pixel.js';
import { avgPool, conv2d, dense, depthwiseConv2d, maxPool } from './window.js';

const families: Readonly<Record<string, Run>> = {
  conv2d,
  depthwiseConv2d,
  dense,
  maxPool,
  avgPool,
  globalAvgPool,
  batchNorm,
  activation,
  add,
  softmax,
  concat,
  spaceToDepth,
  upsample,
};

/** How a family of kernels runs. @throws NonnError for a family that this runtime does not know. */
export function runOf(family: string): Run {
  const run = families[family];
  if (run === undefined)
    throw complain({
      found: `a kernel of family "${family}"`,
      expected: `one of ${Object.keys(families).join(', ')}`,
    });
  return run;
}

export { assemble, cut, type Part } from './assemble.js';
export { assembleBytes, type BytePart } from './assemble-bytes.js';
export { dequantise, quantise } from './dequantise.js';
export type { KernelShape, Operands, Run } from './operands.js';
