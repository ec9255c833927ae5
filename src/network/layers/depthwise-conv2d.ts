import type { DepthwiseConv2d } from '../layer.js';
import type { Operator } from './operator.js';
import { neededByWindow, windowOutput } from './window.js';

/** One filter a channel (or `multiplier` of them); weights `[kernel height, kernel width, channels, multiplier]`. */
export const depthwiseConv2d: Operator<DepthwiseConv2d> = {
  outputShape: (layer, [input]) => [
    windowOutput(layer, 0, input![0]),
    windowOutput(layer, 1, input![1]),
    input![2] * layer.multiplier,
  ],
  weights: (layer, [input]) => [
    { name: 'kernel', shape: [...layer.kernel, input![2], layer.multiplier], trainable: true },
    ...(layer.bias ? [{ name: 'bias', shape: [input![2] * layer.multiplier], trainable: true }] : []),
  ],
  macsPerOutput: (layer) => layer.kernel[0] * layer.kernel[1],
  flopsPerOutput: (layer) => 2 * layer.kernel[0] * layer.kernel[1] + (layer.bias ? 1 : 0),
  neededInput: (layer, output, inputs) => neededByWindow(layer, output, inputs[0]!),
};
