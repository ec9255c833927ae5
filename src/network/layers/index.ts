import type { Layer, LayerKind } from '../layer.js';
import { depthToSpace, spaceToDepth } from './blocks.js';
import { channelConv2d } from './channel-conv2d.js';
import { convTranspose2d } from './conv-transpose2d.js';
import { conv2d } from './conv2d.js';
import { pad, slice } from './cut.js';
import { dense } from './dense.js';
import { depthwiseConv2d } from './depthwise-conv2d.js';
import { activation, elementwise, prelu, softmax } from './elementwise.js';
import { embedding, matmul } from './matrix.js';
import { channelShuffle, concat, constant, dropout, flatten, input, reshape, transpose } from './movement.js';
import { batchNorm, layerNorm, localResponseNorm } from './normalise.js';
import type { Operator } from './operator.js';
import { avgPool, globalAvgPool, globalMaxPool, maxPool } from './pool.js';
import { resize, upsample } from './resize.js';

type LayerOf<K extends LayerKind, L = Layer> = L extends { readonly kind: infer Kinds }
  ? K extends Kinds
    ? L
    : never
  : never;

const operators: { readonly [K in LayerKind]: Operator<Extract<LayerOf<K>, Layer>> } = {
  input,
  constant,
  conv2d,
  depthwiseConv2d,
  convTranspose2d,
  channelConv2d,
  dense,
  matmul,
  embedding,
  batchNorm,
  layerNorm,
  localResponseNorm,
  activation,
  prelu,
  maxPool,
  avgPool,
  globalAvgPool,
  globalMaxPool,
  add: elementwise,
  subtract: elementwise,
  multiply: elementwise,
  divide: elementwise,
  maximum: elementwise,
  minimum: elementwise,
  concat,
  slice,
  channelShuffle,
  flatten,
  reshape,
  dropout,
  transpose,
  pad,
  softmax,
  spaceToDepth,
  depthToSpace,
  upsample,
  resize,
};

/** What nonn knows of a layer's kind. */
export function operatorOf(layer: Layer): Operator {
  return operators[layer.kind] as Operator;
}

export { cropOf } from './conv-transpose2d.js';
export type { NeededInput, Operator, Weight } from './operator.js';
export { spanOf } from './window.js';
