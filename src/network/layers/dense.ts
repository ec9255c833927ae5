import type { Dense } from '../layer.js';
import type { Shape } from '../region.js';
import { type Operator, whole } from './operator.js';

/** Fully connected layer over all elements of its input; weights `[inputs, units]`. */
export const dense: Operator<Dense> = {
  outputShape: (layer) => [1, 1, layer.units],
  weights: (layer, inputs) => [
    { name: 'kernel', shape: [elements(inputs[0]!), layer.units], trainable: true },
    ...(layer.bias ? [{ name: 'bias', shape: [layer.units], trainable: true }] : []),
  ],
  macsPerOutput: (_layer, inputs) => elements(inputs[0]!),
  flopsPerOutput: (layer, inputs) => 2 * elements(inputs[0]!) + (layer.bias ? 1 : 0),
  neededInput: whole,
};

export function elements(shape: Shape): number {
  return shape[0] * shape[1] * shape[2];
}
