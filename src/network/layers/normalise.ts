import { NonnError } from '../../foundation/index.js';
import type { BatchNorm, LayerNorm, LocalResponseNorm } from '../layer.js';
import { noWeights, type Operator, pixelwise, zero } from './operator.js';
import { isWhole } from './window.js';

/** Batch normalisation at inference: one scale and one offset a channel. */
export const batchNorm: Operator<BatchNorm> = {
  outputShape: (_layer, [input]) => input!,
  weights: ({ scale = true, center = true }, [input]) => {
    const vector = (name: string, trainable: boolean) => ({ name, shape: [input![2]], trainable });
    return [
      ...(scale ? [vector('gamma', true)] : []),
      ...(center ? [vector('beta', true)] : []),
      vector('movingMean', false),
      vector('movingVariance', false),
    ];
  },
  macsPerOutput: zero,
  flopsPerOutput: () => 2,
  neededInput: pixelwise,
};

/** Mean and variance count two and three operations an element, the normalisation two, scale and offset two. */
export const layerNorm: Operator<LayerNorm> = {
  outputShape: (_layer, [input]) => input!,
  weights: (_layer, [input]) => [
    { name: 'gamma', shape: [input![2]], trainable: true },
    { name: 'beta', shape: [input![2]], trainable: true },
  ],
  macsPerOutput: zero,
  flopsPerOutput: () => 9,
  neededInput: pixelwise,
};

/** A square and a sum over the window, then a multiply-add, a power and a division. */
export const localResponseNorm: Operator<LocalResponseNorm> = {
  outputShape: (layer, [input]) => {
    if (!isWhole(layer.size, 1) || layer.size % 2 === 0)
      throw new NonnError(
        `layer ${layer.id}: found a window of ${layer.size} channels, expected an odd number`,
      );
    return input!;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (layer) => layer.size + 5,
  neededInput: pixelwise,
};
