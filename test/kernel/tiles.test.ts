import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import {
  type FusedTiles,
  fusedPrefix,
  fusedTiles,
  lower,
  type TileRegion,
  tileWork,
} from '../../src/kernel/index.js';
import { NetworkBuilder, wholeOf, zooNetwork } from '../../src/network/index.js';
import { randomNetwork } from '../support/random-network.js';

const published = new URL('../../../shared/reference/deepthings/', import.meta.url);

describe('fused tiles of YOLOv2 at 608 are those of the authors’ geometry', () => {
  // The files belong to others, so they stand beside the repository and may be absent.
  it.skipIf(!existsSync(published)).each([
    ['ftp-yolov2-608-2x3-8.json', 2, 3, 8],
    ['ftp-yolov2-608-3x3-16.json', 3, 3, 16],
  ])(
    '%s, with what is reused on the checkerboard (needs ../shared/reference/deepthings)',
    (file, rows, columns, fused) => {
      const expected = JSON.parse(readFileSync(new URL(file, published), 'utf8')) as FusedTiles;
      const found = fusedTiles(zooNetwork('yolov2', { input: 608 }), { rows, columns, fused });
      for (const [tile, { layers }] of expected.tiles.entries())
        for (const [layer, regions] of layers.entries())
          expect(found.tiles[tile]!.layers[layer], `tile ${tile}, layer ${layer}`).toEqual(regions);
      expect(found).toEqual(expected);
    },
  );

  it('agree with the authors’ formula on every grid, prefix and input', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(608, 416, 320, 96),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 16 }),
        (input, rows, columns, fused) => {
          const expected = authorsTiles(input, rows, columns, fused);
          const attempt = () => fusedTiles(zooNetwork('yolov2', { input }), { rows, columns, fused });
          if (expected === undefined) expect(attempt).toThrow(/expected one that leaves no tile empty/);
          else expect(attempt().tiles.map((tile) => tile.layers)).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** The geometry as the paper gives it (section III.A), for the first layers of YOLOv2; undefined for an empty tile. */
function authorsTiles(input: number, rows: number, columns: number, fused: number) {
  const kernels = [3, 0, 3, 0, 3, 1, 3, 0, 3, 1, 3, 0, 3, 1, 3, 1]; // 0: a pool of 2
  const sizes = [input];
  for (const kernel of kernels.slice(0, fused)) sizes.push(kernel === 0 ? sizes.at(-1)! / 2 : sizes.at(-1)!);
  const traceAxis = (from: number, to: number) => {
    const layers: { input: [number, number]; output: [number, number] }[] = [];
    let output: [number, number] = [from, to];
    for (let layer = fused - 1; layer >= 0; layer--) {
      const kernel = kernels[layer]!;
      const half = Math.floor(kernel / 2);
      const needed: [number, number] =
        kernel === 0
          ? [output[0] * 2, output[1] * 2 + 1]
          : [Math.max(0, output[0] - half), Math.min(sizes[layer]! - 1, output[1] + half)];
      layers.unshift({ input: needed, output });
      output = needed;
    }
    return layers;
  };
  const cells = (parts: number) => {
    const size = sizes[fused]!;
    const width = Math.ceil(size / parts);
    return Array.from({ length: parts }, (_, index) => [
      index * width,
      index === parts - 1 ? size - 1 : (index + 1) * width - 1,
    ]) as [number, number][];
  };
  if ([...cells(rows), ...cells(columns)].some(([from, to]) => from > to)) return undefined;
  return cells(rows).flatMap((row) =>
    cells(columns).map((column) => {
      const across = traceAxis(...column);
      return traceAxis(...row).map((down, layer) => ({
        input: [...down.input, ...across[layer]!.input],
        output: [...down.output, ...across[layer]!.output],
      }));
    }),
  );
}

describe('fused tiles of any network', () => {
  const fusable = fc
    .record({
      network: randomNetwork(),
      fused: fc.integer({ min: 1, max: 12 }),
      rows: fc.integer({ min: 1, max: 3 }),
      columns: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ network, ...tiling }) => {
      try {
        return { network, tiling, tiles: fusedTiles(network, tiling) };
      } catch (error) {
        if (error instanceof NonnError) return undefined;
        throw error;
      }
    })
    .filter((found) => found !== undefined);

  it('cover the output of the last fused layer once', () => {
    fc.assert(
      fc.property(fusable, ({ network, tiling, tiles }) => {
        const output = fusedPrefix(network, tiling.fused).output;
        const [height, width] = network.shapes.get(output)!;
        const seen = new Set<string>();
        for (const { layers } of tiles.tiles) {
          const [top, bottom, left, right] = layers.at(-1)!.output;
          for (let row = top; row <= bottom; row++)
            for (let column = left; column <= right; column++) {
              expect(seen.has(`${row},${column}`)).toBe(false);
              seen.add(`${row},${column}`);
            }
        }
        expect(seen.size).toBe(height * width);
      }),
    );
  });

  it('do together at least the work of the undivided layers, and just that if there is one tile', () => {
    fc.assert(
      fc.property(fusable, ({ network, tiling }) => {
        const { input, output } = fusedPrefix(network, tiling.fused);
        const held = (layer: string) => ({ layer, region: wholeOf(network.shapes.get(layer)!) });
        const undivided = lower(network, [held(input)], [held(output)]).kernels.reduce(
          (sum, k) => sum + k.macs,
          0,
        );
        const shares = tileWork(network, tiling).reduce((sum, tile) => sum + tile.share, 0);
        expect(shares).toBeCloseTo(undivided, 3);
        const [only] = tileWork(network, { ...tiling, rows: 1, columns: 1 });
        expect(only!.macs).toBe(undivided);
      }),
    );
  });
});

describe('tiles of YOLOv2 that cannot be are answered in a sentence', () => {
  const yolo = zooNetwork('yolov2');
  const tiles = (rows: number, columns: number, fused: number) => () =>
    fusedTiles(yolo, { rows, columns, fused });

  it('more layers than there are', () => {
    expect(tiles(2, 2, 99)).toThrow(
      new NonnError(
        'network yolov2: found 99 layers to fuse where there are 30, expected a number that can be fused, such as 16, 17, 28, 29, 30',
      ),
    );
  });

  it('a cut through the passthrough', () => {
    expect(tiles(2, 2, 18)).toThrow(
      /found 18 layers to fuse, of which later ones read more than the last one's output, expected .*such as .*17/,
    );
  });

  it('a grid with an empty tile', () => {
    expect(tiles(39, 1, 16)).toThrow(
      new NonnError(
        'network yolov2: found a grid of 39 rows over a map of 38, expected one that leaves no tile empty, such as 38 (cells are 1 wide)',
      ),
    );
    expect(tiles(3, 9, 16)).toThrow(
      /a grid of 9 columns over a map of 38, .* such as 8 \(cells are 5 wide\)/,
    );
  });

  it('a layer that cannot be cut in space', () => {
    expect(() => fusedTiles(zooNetwork('lenet5'), { rows: 1, columns: 1, fused: 7 })).toThrow(
      new NonnError(
        'network lenet5: found "flatten1" among 7 layers to fuse, a flatten that cannot be cut in space, expected a number that can be fused, such as 2, 3, 4, 5, 6',
      ),
    );
  });
});

it('reuse is left out where the fused layers branch, and where a neighbour holds all that a tile needs', () => {
  const b = new NetworkBuilder('branching');
  const x = b.conv2d(b.input([16, 16, 2]), { filters: 2, kernel: 3 });
  const branching = b.build(b.sum([x, b.conv2d(x, { filters: 2, kernel: 3 })]));
  expect(fusedTiles(branching, { rows: 2, columns: 2, fused: 3 }).reuse).toBeUndefined();
  const tiny = fusedTiles(zooNetwork('yolov2', { input: 96 }), { rows: 6, columns: 6, fused: 16 });
  expect(tiny.reuse).toBeUndefined();
});

it('a tile of level 1 takes its border from its neighbours: worked by hand', () => {
  const b = new NetworkBuilder('two');
  const first = b.conv2d(b.input([8, 8, 1]), { filters: 4, kernel: 3 });
  const two = b.build(b.conv2d(first, { filters: 1, kernel: 3 }));
  // Tile 0 makes columns 0-4 of the first layer for its own 0-3. Tile 1 needs 3-7 and takes 3-4 of them, 8 rows of
  // 4 channels of 4 bytes: 2 * 8 * 4 * 4. It computes 5-7, from columns 4-7 of the input.
  const input: TileRegion = [0, 7, 4, 7];
  expect(fusedTiles(two, { rows: 1, columns: 2, fused: 2 }).reuse).toEqual([
    { tile: 0, level: 0, input: [0, 7, 0, 5], adjacentBytes: 0, selfBytes: 256 },
    { tile: 1, level: 1, input, adjacentBytes: 256, selfBytes: 0 },
  ]);
});
