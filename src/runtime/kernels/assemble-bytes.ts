import { intersect, isEmpty, lengthOf, type Region } from '../../network/index.js';

/** Bytes of an image's region, `[height, width, channels]`. */
export interface BytePart {
  readonly region: Region;
  readonly bytes: Uint8Array;
}

/** Cuts a region of an image out of its bytes, or joins it from parts that cover it; whole rows of one part are a view. */
export function assembleBytes(parts: readonly BytePart[], region: Region, channels: number): Uint8Array {
  const width = lengthOf(region.columns) * channels;
  if (parts.length === 1) {
    const { region: held, bytes } = parts[0]!;
    if (held.columns[0] === region.columns[0] && held.columns[1] === region.columns[1])
      return bytes.subarray((region.rows[0] - held.rows[0]) * width, (region.rows[1] - held.rows[0]) * width);
  }
  const result = new Uint8Array(lengthOf(region.rows) * width);
  for (const { region: held, bytes } of parts) {
    const common = intersect(held, region);
    if (isEmpty(common)) continue;
    const heldWidth = lengthOf(held.columns) * channels;
    const length = lengthOf(common.columns) * channels;
    for (let row = common.rows[0]; row < common.rows[1]; row++) {
      const from = (row - held.rows[0]) * heldWidth + (common.columns[0] - held.columns[0]) * channels;
      const to = (row - region.rows[0]) * width + (common.columns[0] - region.columns[0]) * channels;
      result.set(bytes.subarray(from, from + length), to);
    }
  }
  return result;
}
