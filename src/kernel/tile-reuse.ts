import type { Network, Region } from '../network/index.js';
import { neededInputs } from './demand.js';
import { FLOAT_BYTES } from './kernel.js';
import type { FusedPrefix } from './prefix.js';
import type { Tile, TileRegion } from './tile.js';
import { unitInputs } from './unit.js';

/** What one tile takes from its neighbours, or keeps for them, when tiles are scheduled on a checkerboard. */
export interface TileReuse {
  readonly tile: number;
  /** 0: computed on its own. 1: takes the overlap from its neighbours, all of level 0, instead of computing it. */
  readonly level: 0 | 1;
  /** What it needs of the network's input. */
  readonly input: TileRegion;
  /** Bytes that it takes from its neighbours. */
  readonly adjacentBytes: number;
  /** Bytes that it keeps for its neighbours. */
  readonly selfBytes: number;
}

/**
 * Data reuse between fused tiles (Zhao, Barijough and Gerstlauer, DeepThings, section III.B; the regions are those of
 * the authors' code): between two fused layers, a tile of level 1 computes only what no neighbour above, below, left
 * or right has, and takes the rest of what it needs from them.
 *
 * @returns undefined if the fused layers branch, or neighbours hold all that a tile of level 1 needs somewhere.
 */
export function tileReuse(
  network: Network,
  prefix: FusedPrefix,
  grid: { readonly rows: number; readonly columns: number },
  tiles: readonly Tile[],
): readonly TileReuse[] | undefined {
  const { units } = prefix;
  const isChain = units.every((unit, index) => {
    const inputs = unitInputs(unit);
    return inputs.length === 1 && inputs[0] === (index === 0 ? prefix.input : units[index - 1]!.output);
  });
  if (!isChain) return undefined;
  const selfBytes = tiles.map(() => 0);
  const adjacentBytes = tiles.map(() => 0);
  const inputs = tiles.map((tile) => tile.layers[0]!.input);
  for (const { tile, layers } of tiles) {
    if (levelOf(tile, grid.columns) === 0) continue;
    let output = layers.at(-1)!.output;
    for (let index = units.length - 1; index > 0; index--) {
      const needed = inputOf(network, prefix, index, output);
      output = needed;
      const between = index - 1;
      const pixelBytes = FLOAT_BYTES * network.shapes.get(units[between]!.output)![2];
      for (const [side, neighbour] of neighboursOf(tile, grid)) {
        const [overlap, rest] = cut(side, needed, tiles[neighbour]!.layers[between]!.output, output);
        const bytes = pixelBytes * areaOf(overlap);
        selfBytes[neighbour]! += bytes;
        adjacentBytes[tile]! += bytes;
        output = rest;
      }
      if (areaOf(output) === 0) return undefined;
    }
    inputs[tile] = inputOf(network, prefix, 0, output);
  }
  return tiles.map(({ tile }) => ({
    tile,
    level: levelOf(tile, grid.columns),
    input: inputs[tile]!,
    adjacentBytes: adjacentBytes[tile]!,
    selfBytes: selfBytes[tile]!,
  }));
}

type Side = 'left' | 'above' | 'right' | 'below';

/** The colour of a tile's square on the checkerboard; that of the first tile is 0. */
function levelOf(tile: number, columns: number): 0 | 1 {
  return (Math.floor(tile / columns) + (tile % columns)) % 2 === 0 ? 0 : 1;
}

function neighboursOf(tile: number, grid: { readonly rows: number; readonly columns: number }) {
  const row = Math.floor(tile / grid.columns);
  const column = tile % grid.columns;
  const result: (readonly [Side, number])[] = [];
  if (column > 0) result.push(['left', tile - 1]);
  if (row > 0) result.push(['above', tile - grid.columns]);
  if (column + 1 < grid.columns) result.push(['right', tile + 1]);
  if (row + 1 < grid.rows) result.push(['below', tile + grid.columns]);
  return result;
}

function inputOf(network: Network, prefix: FusedPrefix, index: number, output: TileRegion): TileRegion {
  const [top, bottom, left, right] = output;
  const region: Region = { rows: [top, bottom + 1], columns: [left, right + 1] };
  const { rows, columns } = neededInputs(network, prefix.units[index]!, region)[0]!.region;
  return [rows[0], rows[1] - 1, columns[0], columns[1] - 1];
}

/**
 * What a neighbour has of a needed region (along its whole side: the corners are taken twice, as the authors do),
 * and what then remains to be computed of `remaining`.
 */
function cut(
  side: Side,
  needed: TileRegion,
  neighbour: TileRegion,
  remaining: TileRegion,
): readonly [overlap: TileRegion, rest: TileRegion] {
  const [top, bottom, left, right] = needed;
  const [restTop, restBottom, restLeft, restRight] = remaining;
  switch (side) {
    case 'left':
      return [
        [top, bottom, left, neighbour[3]],
        [restTop, restBottom, Math.max(restLeft, neighbour[3] + 1), restRight],
      ];
    case 'above':
      return [
        [top, neighbour[1], left, right],
        [Math.max(restTop, neighbour[1] + 1), restBottom, restLeft, restRight],
      ];
    case 'right':
      return [
        [top, bottom, neighbour[2], right],
        [restTop, restBottom, restLeft, Math.min(restRight, neighbour[2] - 1)],
      ];
    case 'below':
      return [
        [neighbour[0], bottom, left, right],
        [restTop, Math.min(restBottom, neighbour[0] - 1), restLeft, restRight],
      ];
  }
}

/** Pixels of an inclusive region; none if it ends before it begins. */
function areaOf([top, bottom, left, right]: TileRegion): number {
  return Math.max(0, bottom - top + 1) * Math.max(0, right - left + 1);
}
