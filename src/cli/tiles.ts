import { formatShare, NonnError } from '../foundation/index.js';
import { type FusedTiles, fusedTiles, type TileRegion, type TileWork, tileWork } from '../kernel/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { networkArgument } from './network-argument.js';
import { print, printJson } from './output.js';

/** Options of `nonn tiles`. */
export interface TilesOptions extends GlobalOptions {
  readonly input?: number;
  readonly grid?: readonly [rows: number, columns: number];
  readonly fused?: number;
}

/** Prints the regions of a network's fused tiles, and how much work they do twice. */
export async function run([name]: readonly string[], options: TilesOptions): Promise<CommandExit> {
  const { grid = [3, 3], fused = 16, input } = options;
  if (grid[0] * grid[1] > MOST_TILES)
    throw new NonnError(`--grid: found ${grid[0] * grid[1]} tiles, expected at most ${MOST_TILES}`);
  const network = networkArgument(name!, input === undefined ? {} : { input });
  const tiling = { rows: grid[0], columns: grid[1], fused };
  const tiles = fusedTiles(network, tiling);
  if (options.json) printJson(tiles);
  else print(tilesText(tiles, tileWork(network, tiling)));
  return 0;
}

/** More would be a mistyped grid: the largest published map has 38 rows. */
const MOST_TILES = 10_000;

function tilesText(tiles: FusedTiles, work: readonly TileWork[]): string {
  const rows = tiles.tiles.map(({ tile, layers }) => {
    const { macs, share } = work[tile]!;
    return [
      String(tile),
      regionText(layers[0]!.input),
      sizeText(layers[0]!.input),
      regionText(layers.at(-1)!.output),
      sizeText(layers.at(-1)!.output),
      macs.toLocaleString('en-US'),
      share === 0 ? '-' : formatShare(macs / share - 1),
    ];
  });
  const macs = work.reduce((sum, tile) => sum + tile.macs, 0);
  const share = work.reduce((sum, tile) => sum + tile.share, 0);
  return [
    `${tiles.network}, ${tiles.rows}x${tiles.columns} tiles of ${tiles.fusedLayers} fused layers, [top, bottom, left, right] inclusive`,
    '',
    columns(['tile', 'input', 'size', 'output', 'size', 'MACs', 'overlap'], rows),
    '',
    `${macs.toLocaleString('en-US')} multiply-adds in all, ${formatShare(share === 0 ? 0 : macs / share - 1)} more than undivided`,
  ].join('\n');
}

function regionText([top, bottom, left, right]: TileRegion): string {
  return `[${top}, ${bottom}, ${left}, ${right}]`;
}

function sizeText([top, bottom, left, right]: TileRegion): string {
  return `${bottom - top + 1}x${right - left + 1}`;
}
