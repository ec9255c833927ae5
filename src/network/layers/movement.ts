import { NonnError } from '../../foundation/index.js';
import type {
  ChannelShuffle,
  Concat,
  Constant,
  Dropout,
  Flatten,
  Input,
  Reshape,
  Transpose,
} from '../layer.js';
import type { Shape } from '../region.js';
import { noWeights, type Operator, pixelwise, whole, zero } from './operator.js';
import { isWhole } from './window.js';

export const input: Operator<Input> = {
  outputShape: (layer) => layer.shape,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: pixelwise,
};

/** Numbers that stand in the network; any part of them can be made anywhere. */
export const constant: Operator<Constant> = {
  outputShape: (layer) => {
    if (layer.values.length !== elements(layer.shape))
      throw new NonnError(
        `layer ${layer.id}: found ${layer.values.length} numbers, expected ${layer.shape.join('x')}`,
      );
    return layer.shape;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: pixelwise,
};

/** Maps one after the other along an axis; kept whole where that is not the channels. */
export const concat: Operator<Concat> = {
  outputShape: (layer, inputs) => {
    const first = inputs[0]!;
    const along = axisOf(layer);
    const odd = inputs.find((shape) => shape.some((size, axis) => axis !== along && size !== first[axis]));
    if (odd !== undefined) {
      throw new NonnError(
        `layer ${layer.id}: found inputs of ${first.join('x')} and ${odd.join('x')}, expected equal ${alike[along]}`,
      );
    }
    const sum = inputs.reduce((total, shape) => total + shape[along], 0);
    return first.map((size, axis) => (axis === along ? sum : size)) as unknown as Shape;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: (layer, output) => (axisOf(layer) === 2 ? pixelwise(layer, output) : null),
};

const alike = ['widths and channels', 'heights and channels', 'heights and widths'] as const;

function axisOf({ axis = 'channels' }: Concat): 0 | 1 | 2 {
  return axis === 'rows' ? 0 : axis === 'columns' ? 1 : 2;
}

export const channelShuffle: Operator<ChannelShuffle> = {
  outputShape: (layer, [shape]) => {
    if (!isWhole(layer.groups, 1) || shape![2] % layer.groups !== 0)
      throw new NonnError(
        `layer ${layer.id}: found ${layer.groups} groups for ${shape![2]} channels, expected a divisor`,
      );
    return shape!;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: pixelwise,
};

/** All elements in a row. */
export const flatten: Operator<Flatten> = {
  outputShape: (_layer, [shape]) => [1, 1, shape![0] * shape![1] * shape![2]],
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: whole,
};

export const reshape: Operator<Reshape> = {
  outputShape: (layer, [shape]) => {
    if (elements(layer.shape) !== elements(shape!))
      throw new NonnError(
        `layer ${layer.id}: found ${shape!.join('x')} to be ${layer.shape.join('x')}, expected as many elements`,
      );
    return layer.shape;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: whole,
};

export const dropout: Operator<Dropout> = {
  outputShape: (_layer, [shape]) => shape!,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: pixelwise,
};

/** Exchange of axes; kept whole, since rows may become channels. */
export const transpose: Operator<Transpose> = {
  outputShape: (layer, [shape]) => {
    if ([...layer.permutation].sort().join() !== '0,1,2')
      throw new NonnError(
        `layer ${layer.id}: found the permutation ${layer.permutation.join(', ')}, expected 0, 1 and 2 once each`,
      );
    return layer.permutation.map((axis) => shape![axis]) as unknown as Shape;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: whole,
};

function elements(shape: Shape): number {
  return shape[0] * shape[1] * shape[2];
}
