import type { Layer, LayerKind } from '../layer.js';
import { conv2d } from './conv2d.js';
import { dense } from './dense.js';
import { depthwiseConv2d } from './depthwise-conv2d.js';
import { activation, add, batchNorm, softmax } from './elementwise.js';
import { concat, flatten, input, spaceToDepth, upsample } from './movement.js';
import type { Operator } from './operator.js';
import { avgPool, globalAvgPool, maxPool } from './pool.js';

const operators: { readonly [K in LayerKind]: Operator<Extract<Layer, { kind: K }>> } = {
  input,
  conv2d,
  depthwiseConv2d,
  dense,
  batchNorm,
  activation,
  maxPool,
  avgPool,
  globalAvgPool,
  add,
  concat,
  flatten,
  softmax,
  spaceToDepth,
  upsample,
};

/** What nonn knows of a layer's kind. */
export function operatorOf(layer: Layer): Operator {
  return operators[layer.kind] as Operator;
}

export type { NeededInput, Operator, Weight } from './operator.js';
