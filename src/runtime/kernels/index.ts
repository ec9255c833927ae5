import { complain } from '../../foundation/index.js';
import { activation, prelu } from './activation.js';
import { embedding, matmul } from './matrix.js';
import {
  channelShuffle,
  concat,
  depthToSpace,
  pad,
  resize,
  slice,
  spaceToDepth,
  transpose,
  upsample,
} from './movement.js';
import type { Run } from './operands.js';
import * as pixel from './pixel.js';
import { channelConv2d, convTranspose2d } from './sliding.js';
import { avgPool, conv2d, dense, depthwiseConv2d, maxPool } from './window.js';

const families: Readonly<Record<string, Run>> = {
  conv2d,
  depthwiseConv2d,
  convTranspose2d,
  channelConv2d,
  dense,
  matmul,
  embedding,
  maxPool,
  avgPool,
  activation,
  prelu,
  ...pixel,
  concat,
  slice,
  pad,
  channelShuffle,
  transpose,
  spaceToDepth,
  depthToSpace,
  upsample,
  resize,
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
