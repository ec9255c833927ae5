import { NonnError } from '../../foundation/index.js';
import type { DepthToSpace, SpaceToDepth } from '../layer.js';
import type { Range } from '../region.js';
import { noPad, noWeights, type Operator, zero } from './operator.js';
import { isWhole } from './window.js';

export const spaceToDepth: Operator<SpaceToDepth> = {
  outputShape: (layer, [shape]) => {
    const [height, width, channels] = shape!;
    checkBlock(layer);
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

/** Blocks at the edge of a region are made whole, and what lies outside it is left out. */
export const depthToSpace: Operator<DepthToSpace> = {
  outputShape: (layer, [shape]) => {
    const [height, width, channels] = shape!;
    checkBlock(layer);
    if (channels % layer.block ** 2 !== 0) {
      throw new NonnError(
        `layer ${layer.id}: found ${channels} channels, expected a multiple of ${layer.block ** 2}`,
      );
    }
    return [height * layer.block, width * layer.block, channels / layer.block ** 2];
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: (layer, output) => ({
    region: { rows: blocks(output.rows, layer.block), columns: blocks(output.columns, layer.block) },
    pad: noPad,
  }),
};

function checkBlock({ id, block }: SpaceToDepth | DepthToSpace): void {
  if (!isWhole(block, 1))
    throw new NonnError(`layer ${id}: found blocks of ${block}, expected a whole number above 0`);
}

function blocks(range: Range, by: number): Range {
  return [Math.floor(range[0] / by), Math.ceil(range[1] / by)];
}

function scaled(range: Range, by: number): Range {
  return [range[0] * by, range[1] * by];
}
