import { NonnError } from '../../foundation/index.js';
import type { ChannelConv2d } from '../layer.js';
import type { Operator } from './operator.js';
import { isWhole, neededByWindow, windowOutput } from './window.js';

/** Convolution along the channels; weights `[kernel height, kernel width, depth, filters]`. */
export const channelConv2d: Operator<ChannelConv2d> = {
  outputShape: (layer, [input]) => {
    const { depth, depthStride, depthPadding, filters } = layer;
    if (![depth, depthStride, filters].every((value) => isWhole(value, 1)))
      throw new NonnError(
        `layer ${layer.id}: found ${filters} filters of depth ${depth} and stride ${depthStride}, expected whole numbers above 0`,
      );
    const channels =
      depthPadding === 'same'
        ? Math.ceil(input![2] / depthStride)
        : Math.floor((input![2] - depth) / depthStride) + 1;
    if (channels < 1)
      throw new NonnError(
        `layer ${layer.id}: found ${input![2]} channels, expected at least the window's depth ${depth}`,
      );
    return [windowOutput(layer, 0, input![0]), windowOutput(layer, 1, input![1]), filters * channels];
  },
  weights: (layer) => [
    { name: 'kernel', shape: [...layer.kernel, layer.depth, layer.filters], trainable: true },
    ...(layer.bias ? [{ name: 'bias', shape: [layer.filters], trainable: true }] : []),
  ],
  macsPerOutput: (layer) => layer.kernel[0] * layer.kernel[1] * layer.depth,
  flopsPerOutput: (layer) => 2 * layer.kernel[0] * layer.kernel[1] * layer.depth + (layer.bias ? 1 : 0),
  neededInput: (layer, output, inputs) => neededByWindow(layer, output, inputs[0]!),
};
