import { NonnError } from '../../foundation/index.js';
import type { Concat, Flatten, Input, SpaceToDepth, Upsample } from '../layer.js';
import type { Range } from '../region.js';
import { noPad, noWeights, type Operator, pixelwise, whole, zero } from './operator.js';

export const input: Operator<Input> = {
  outputShape: (layer) => layer.shape,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: pixelwise,
};

/** Channels of several maps of one height and width, one after the other. */
export const concat: Operator<Concat> = {
  outputShape: (layer, inputs) => {
    const [height, width] = inputs[0]!;
    const odd = inputs.find((shape) => shape[0] !== height || shape[1] !== width);
    if (odd !== undefined) {
      throw new NonnError(
        `layer ${layer.id}: found inputs of ${inputs[0]!.join('x')} and ${odd.join('x')}, expected equal heights and widths`,
      );
    }
    return [height, width, inputs.reduce((sum, shape) => sum + shape[2], 0)];
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: pixelwise,
};

export const flatten: Operator<Flatten> = {
  outputShape: (_layer, [shape]) => [1, 1, shape![0] * shape![1] * shape![2]],
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: whole,
};

export const spaceToDepth: Operator<SpaceToDepth> = {
  outputShape: (layer, [shape]) => {
    const [height, width, channels] = shape!;
    if (height % layer.block !== 0 || width % layer.block !== 0) {
      throw new NonnError(
        `layer ${layer.id}: found a map of ${height}x${width}, expected multiples of ${layer.block}`,
      );
    }
    return [height / layer.block, width / layer.block, channels * layer.block ** 2];
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: (layer, output) => ({
    region: { rows: scaled(output.rows, layer.block), columns: scaled(output.columns, layer.block) },
    pad: noPad,
  }),
};

/** Enlargement; kept whole, since students use it on small maps only and bilinear weights depend on the whole size. */
export const upsample: Operator<Upsample> = {
  outputShape: (layer, [shape]) => [shape![0] * layer.factor[0], shape![1] * layer.factor[1], shape![2]],
  weights: noWeights,
  macsPerOutput: zero,
  // Bilinear: two interpolations of a multiply and an add in one direction, one in the other.
  flopsPerOutput: (layer) => (layer.interpolation === 'bilinear' ? 6 : 0),
  neededInput: whole,
};

function scaled(range: Range, by: number): Range {
  return [range[0] * by, range[1] * by];
}
