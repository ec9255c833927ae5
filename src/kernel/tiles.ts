import { NonnError } from '../foundation/index.js';
import { type Network, type Range, type Region, wholeOf } from '../network/index.js';
import { neededInputs, requiredRegions } from './demand.js';
import type { Id } from './kernel.js';
import { lower } from './lower.js';
import { type FusedPrefix, fusedPrefix } from './prefix.js';
import type { Tile, TileLayer, TileRegion } from './tile.js';
import { type TileReuse, tileReuse } from './tile-reuse.js';
import { unitInputs } from './unit.js';

/** The geometry of fused tiles, in the form of the authors' own. */
export interface FusedTiles {
  readonly network: Id;
  /** Height and width of a square input, or both. */
  readonly inputSize: number | readonly [height: number, width: number];
  readonly rows: number;
  readonly columns: number;
  /** Fused units after the input. */
  readonly fusedLayers: number;
  readonly tiles: readonly Tile[];
  /** What scheduling on a checkerboard saves; absent where the fused layers branch or a neighbour covers a tile. */
  readonly reuse?: readonly TileReuse[];
}

/** How many tiles, and how many layers to fuse. */
export interface Tiling {
  readonly rows: number;
  readonly columns: number;
  /** How many units after the input are fused. */
  readonly fused: number;
}

/**
 * Fused tile partitioning (Zhao, Barijough and Gerstlauer, "DeepThings", IEEE TCAD 37(11), 2018, section III.A): the
 * output of the last fused layer is cut into a grid, and each tile's region is traced back to the input.
 *
 * @throws NonnError if the layers cannot be fused or the grid leaves a tile empty.
 */
export function fusedTiles(network: Network, tiling: Tiling): FusedTiles {
  const prefix = fusedPrefix(network, tiling.fused);
  const tiles = gridRegions(network, prefix.output, tiling).map((region, tile) => ({
    tile,
    layers: traceTile(network, prefix, region),
  }));
  const [height, width] = network.shapes.get(prefix.input)!;
  const reuse = tileReuse(network, prefix, tiling, tiles);
  return {
    network: network.id,
    inputSize: height === width ? height : [height, width],
    rows: tiling.rows,
    columns: tiling.columns,
    fusedLayers: tiling.fused,
    tiles,
    ...(reuse === undefined ? {} : { reuse }),
  };
}

/**
 * Cells of the grid over a layer's output, row by row: each is ceil(size / parts) wide, the last takes the rest, as in
 * the authors' code.
 * @throws NonnError if that leaves a tile empty.
 */
export function gridRegions(
  network: Network,
  layer: Id,
  grid: { readonly rows: number; readonly columns: number },
): Region[] {
  const [height, width] = network.shapes.get(layer)!;
  const rows = cells(height, grid.rows, 'rows', network.id);
  const columns = cells(width, grid.columns, 'columns', network.id);
  return rows.flatMap((row) => columns.map((column) => ({ rows: row, columns: column })));
}

/** Multiply-adds of one tile, and the part of them that the tile would have if no two tiles overlapped. */
export interface TileWork {
  readonly macs: number;
  /** The undivided layers' multiply-adds, in proportion to the tile's part of the output. */
  readonly share: number;
}

/** Work of every tile: how much is done twice is the difference between the sums of `macs` and `share`. */
export function tileWork(network: Network, tiling: Tiling): readonly TileWork[] {
  const { input, output } = fusedPrefix(network, tiling.fused);
  const whole = wholeOf(network.shapes.get(output)!);
  const macsOf = (region: Region) => {
    const writes = [{ layer: output, region }];
    const needed = requiredRegions(network, [input], writes).get(input)!;
    return lower(network, [{ layer: input, region: needed }], writes).kernels.reduce(
      (sum, kernel) => sum + kernel.macs,
      0,
    );
  };
  const undivided = macsOf(whole);
  const area = (region: Region) =>
    (region.rows[1] - region.rows[0]) * (region.columns[1] - region.columns[0]);
  return gridRegions(network, output, tiling).map((region) => ({
    macs: macsOf(region),
    share: (undivided * area(region)) / area(whole),
  }));
}

function traceTile(network: Network, prefix: FusedPrefix, region: Region): TileLayer[] {
  const required = requiredRegions(network, [prefix.input], [{ layer: prefix.output, region }]);
  return prefix.units.map((unit) => {
    const output = required.get(unit.output)!;
    const needed = neededInputs(network, unit, output);
    const first = unitInputs(unit).findIndex((layer) => network.byId.get(layer)!.kind !== 'constant');
    return { input: inclusive(needed[Math.max(0, first)]!.region), output: inclusive(output) };
  });
}

function inclusive({ rows, columns }: Region): TileRegion {
  return [rows[0], rows[1] - 1, columns[0], columns[1] - 1];
}

function cells(size: number, parts: number, axis: 'rows' | 'columns', id: Id): Range[] {
  const width = Math.ceil(size / parts);
  if (width * (parts - 1) >= size) {
    const most = Math.ceil(size / width);
    throw new NonnError(
      `network ${id}: found a grid of ${parts} ${axis} over a map of ${size}, expected one that leaves no tile empty, such as ${most} (cells are ${width} wide)`,
    );
  }
  return Array.from(
    { length: parts },
    (_, index) => [index * width, Math.min(size, (index + 1) * width)] as const,
  );
}
