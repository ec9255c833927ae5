import { NonnError } from '../../foundation/index.js';
import type { Resize, Upsample } from '../layer.js';
import { noWeights, type Operator, whole, zero } from './operator.js';
import { isWhole } from './window.js';

/** Operations an element of bilinear interpolation: two multiply-adds in one direction, one in the other. */
const BILINEAR_FLOPS = 6;

/** Enlargement; kept whole, since students use it on small maps only and bilinear weights depend on the whole size. */
export const upsample: Operator<Upsample> = {
  outputShape: (layer, [shape]) => [shape![0] * layer.factor[0], shape![1] * layer.factor[1], shape![2]],
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (layer) => (layer.interpolation === 'bilinear' ? BILINEAR_FLOPS : 0),
  neededInput: whole,
};

/** Change of size; kept whole, as bilinear weights depend on the whole size. */
export const resize: Operator<Resize> = {
  outputShape: (layer, [shape]) => {
    const [height, width] = layer.size;
    if (!isWhole(height, 1) || !isWhole(width, 1))
      throw new NonnError(
        `layer ${layer.id}: found a size of ${height}x${width}, expected whole numbers above 0`,
      );
    return [height, width, shape![2]];
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (layer) => (layer.interpolation === 'bilinear' ? BILINEAR_FLOPS : 0),
  neededInput: whole,
};
