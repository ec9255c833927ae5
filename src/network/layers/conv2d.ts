import { NonnError } from '../../foundation/index.js';
import type { Conv2d } from '../layer.js';
import type { Shape } from '../region.js';
import type { Operator } from './operator.js';
import { neededByWindow, windowOutput } from './window.js';

/** Convolution over rows and columns; weights `[kernel height, kernel width, channels / groups, filters]`. */
export const conv2d: Operator<Conv2d> = {
  outputShape: (layer, [input]) => {
    const channels = input![2];
    if (channels % layer.groups !== 0 || layer.filters % layer.groups !== 0) {
      throw new NonnError(
        `layer ${layer.id}: found ${layer.groups} groups for ${channels} channels and ${layer.filters} filters, expected a divisor of both`,
      );
    }
    return [windowOutput(layer, 0, input![0]), windowOutput(layer, 1, input![1]), layer.filters];
  },
  weights: (layer, inputs) => [
    {
      name: 'kernel',
      shape: [...layer.kernel, channelsOf(inputs) / layer.groups, layer.filters],
      trainable: true,
    },
    ...(layer.bias ? [{ name: 'bias', shape: [layer.filters], trainable: true }] : []),
  ],
  macsPerOutput: (layer, inputs) => (layer.kernel[0] * layer.kernel[1] * channelsOf(inputs)) / layer.groups,
  flopsPerOutput: (layer, inputs) => 2 * conv2d.macsPerOutput(layer, inputs) + (layer.bias ? 1 : 0),
  neededInput: (layer, output, inputs) => neededByWindow(layer, output, inputs[0]!),
};

function channelsOf(inputs: readonly Shape[]): number {
  return inputs[0]![2];
}
