import { complain } from '../../foundation/index.js';
import type { Kernel } from '../kernel.js';
import * as activation from './activation.js';
import * as matrix from './matrix.js';
import * as movement from './movement.js';
import * as pixel from './pixel.js';
import * as sliding from './sliding.js';
import { type Makes, Tape, type TfjsRuntime } from './tape.js';
import * as window from './window.js';

const families: Readonly<Record<string, Makes>> = {
  conv2d: window.conv2d,
  depthwiseConv2d: window.depthwiseConv2d,
  dense: window.dense,
  maxPool: window.maxPool,
  avgPool: window.avgPool,
  globalAvgPool: window.globalAvgPool,
  globalMaxPool: window.globalMaxPool,
  convTranspose2d: sliding.convTranspose2d,
  channelConv2d: sliding.channelConv2d,
  matmul: matrix.matmul,
  embedding: matrix.embedding,
  activation: activation.activation,
  prelu: activation.prelu,
  ...pixel,
  concat: movement.concat,
  slice: movement.slice,
  pad: movement.pad,
  channelShuffle: movement.channelShuffle,
  transpose: movement.transpose,
  spaceToDepth: movement.spaceToDepth,
  depthToSpace: movement.depthToSpace,
  upsample: movement.upsample,
  resize: movement.resize,
};

/** Bytes of tensors that a kernel makes. */
export interface Workspace {
  /** Most that live at once while it runs, its output included, its inputs and weights not. */
  readonly peak: number;
  /** Its output; 0 where that is its first input's memory under another name. */
  readonly output: number;
}

/**
 * What a kernel of a whole network makes of tensors in float32 while it runs for one image: a runtime composes some kernels
 * of several operations, whose results live side by side for a while. The operations are those of the functions that run
 * the families and of the kernels of TensorFlow.js 4.22. A tensor of another shape on the same memory counts once.
 * @throws NonnError for a family that an undivided network does not have.
 */
export function workspace({ family, shape }: Kernel, runtime: TfjsRuntime): Workspace {
  const tape = new Tape(runtime);
  const makes = families[family];
  if (makes === undefined)
    throw complain({
      found: `a kernel of family "${family}"`,
      expected: `one of ${Object.keys(families).join(', ')}`,
    });
  const output = makes(tape, shape);
  return { peak: tape.most, output };
}
