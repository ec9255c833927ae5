import type { AvgPool, GlobalAvgPool, GlobalMaxPool, MaxPool } from '../layer.js';
import type { Shape } from '../region.js';
import { noWeights, type Operator, whole, zero } from './operator.js';
import { neededByWindow, windowOutput } from './window.js';

const windowed: Operator<MaxPool | AvgPool> = {
  outputShape: (layer, [input]) => [
    windowOutput(layer, 0, input![0]),
    windowOutput(layer, 1, input![1]),
    input![2],
  ],
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (layer) => layer.kernel[0] * layer.kernel[1],
  neededInput: (layer, output, inputs) => neededByWindow(layer, output, inputs[0]!),
};

/** Largest value under the window; the padding never wins. */
export const maxPool: Operator<MaxPool> = windowed;

/** Mean of the values under the window, with the padding or without. */
export const avgPool: Operator<AvgPool> = windowed;

const global: Operator<GlobalAvgPool | GlobalMaxPool> = {
  outputShape: (_layer, [input]) => [1, 1, input![2]],
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (_layer, [input]) => (input as Shape)[0] * (input as Shape)[1],
  neededInput: whole,
};

/** Mean of each channel; kept whole, since every output needs every pixel. */
export const globalAvgPool: Operator<GlobalAvgPool> = global;

/** Maximum of each channel; kept whole likewise. */
export const globalMaxPool: Operator<GlobalMaxPool> = global;
