import { NonnError } from '../../foundation/index.js';
import type { Activation, Add, BatchNorm, Softmax } from '../layer.js';
import { noWeights, type Operator, pixelwise, whole, zero } from './operator.js';

/** Batch normalisation at inference: one scale and one offset a channel. */
export const batchNorm: Operator<BatchNorm> = {
  outputShape: (_layer, [input]) => input!,
  weights: (_layer, [input]) => [
    { name: 'gamma', shape: [input![2]], trainable: true },
    { name: 'beta', shape: [input![2]], trainable: true },
    { name: 'movingMean', shape: [input![2]], trainable: false },
    { name: 'movingVariance', shape: [input![2]], trainable: false },
  ],
  macsPerOutput: zero,
  flopsPerOutput: () => 2,
  neededInput: pixelwise,
};

export const activation: Operator<Activation> = {
  outputShape: (_layer, [input]) => input!,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: () => 1,
  neededInput: pixelwise,
};

/** Sum of two or more maps of one shape. */
export const add: Operator<Add> = {
  outputShape: (layer, inputs) => {
    const [first, ...others] = inputs;
    const odd = others.find((shape) => shape.some((size, axis) => size !== first![axis]));
    if (odd !== undefined) {
      throw new NonnError(
        `layer ${layer.id}: found inputs of ${first!.join('x')} and ${odd.join('x')}, expected equal shapes`,
      );
    }
    return first!;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (layer) => layer.inputs.length - 1,
  neededInput: pixelwise,
};

/** Softmax over the channels of a flat output: exponential, sum and division count one each. */
export const softmax: Operator<Softmax> = {
  outputShape: (_layer, [input]) => input!,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: () => 3,
  neededInput: whole,
};
