/** `[top, bottom, left, right]`, each inclusive, as the authors of DeepThings write regions. */
export type TileRegion = readonly [top: number, bottom: number, left: number, right: number];

/** What one fused layer reads and makes for a tile. */
export interface TileLayer {
  /** Of its first input; a layer that adds or joins several reads the same of each. */
  readonly input: TileRegion;
  readonly output: TileRegion;
}

/** A tile, from the network's input to the output of the last fused layer. */
export interface Tile {
  /** Its number, row by row. */
  readonly tile: number;
  readonly layers: readonly TileLayer[];
}
