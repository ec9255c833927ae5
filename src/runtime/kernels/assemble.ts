import * as tf from '@tensorflow/tfjs-core';
import { intersect, lengthOf, type Range, type Region, sameRegion } from '../../network/index.js';

/** A map together with the region of its layer that it holds, of every image of a batch. */
export interface Part {
  readonly region: Region;
  readonly map: tf.Tensor4D;
}

/** Cuts a region out of a map that holds it. */
export function cut({ region: held, map }: Part, region: Region): tf.Tensor4D {
  if (sameRegion(held, region)) return tf.clone(map);
  return tf.slice(
    map,
    [0, region.rows[0] - held.rows[0], region.columns[0] - held.columns[0], 0],
    [map.shape[0], lengthOf(region.rows), lengthOf(region.columns), map.shape[3]],
  );
}

/**
 * Assembles a region out of maps that cover it: one map is cut, strips are joined, a grid of tiles is joined row
 * by row, and any other pattern is pasted pixel row by pixel row.
 */
export function assemble(parts: readonly Part[], region: Region): tf.Tensor4D {
  if (parts.length === 1) return cut(parts[0]!, region);
  return tf.tidy(() => {
    const clipped = parts.map((part) => {
      const common = intersect(part.region, region);
      return { region: common, map: sameRegion(common, part.region) ? part.map : cut(part, common) };
    });
    const bands = gridOf(clipped, region);
    if (bands === undefined) return paste(clipped, region);
    return join(
      bands.map((band) =>
        join(
          band.map(({ map }) => map),
          2,
        ),
      ),
      1,
    );
  });
}

function join(maps: readonly tf.Tensor4D[], axis: number): tf.Tensor4D {
  return maps.length === 1 ? maps[0]! : tf.concat([...maps], axis);
}

/** The parts as bands of equal rows, each filled from left to right, or undefined if they are no such grid. */
function gridOf(parts: readonly Part[], region: Region): readonly (readonly Part[])[] | undefined {
  const bands = new Map<number, Part[]>();
  for (const part of parts) {
    const band = bands.get(part.region.rows[0]);
    if (band === undefined) bands.set(part.region.rows[0], [part]);
    else band.push(part);
  }
  const sorted = [...bands.values()].sort((a, b) => a[0]!.region.rows[0] - b[0]!.region.rows[0]);
  for (const band of sorted) {
    band.sort((a, b) => a.region.columns[0] - b.region.columns[0]);
    if (
      !fills(
        band.map((part) => part.region.columns),
        region.columns,
      )
    )
      return undefined;
    if (band.some((part) => part.region.rows[1] !== band[0]!.region.rows[1])) return undefined;
  }
  return fills(
    sorted.map((band) => band[0]!.region.rows),
    region.rows,
  )
    ? sorted
    : undefined;
}

/** Whether ranges follow each other without gap or overlap and make up the whole. */
function fills(ranges: readonly Range[], whole: Range): boolean {
  let reached = whole[0];
  for (const [from, to] of ranges) {
    if (from !== reached) return false;
    reached = to;
  }
  return reached === whole[1];
}

function paste(parts: readonly Part[], region: Region): tf.Tensor4D {
  const [batch, , , channels] = parts[0]!.map.shape;
  const [height, width] = [lengthOf(region.rows), lengthOf(region.columns)];
  const values = new Float32Array(batch * height * width * channels);
  for (const { region: held, map } of parts) {
    const source = map.dataSync();
    const length = lengthOf(held.columns) * channels;
    const rows = lengthOf(held.rows);
    for (let row = 0; row < batch * rows; row++) {
      const image = Math.floor(row / rows);
      const rowTo = image * height + held.rows[0] + (row % rows) - region.rows[0];
      const to = (rowTo * width + held.columns[0] - region.columns[0]) * channels;
      values.set(source.subarray(row * length, (row + 1) * length), to);
    }
  }
  return tf.tensor4d(values, [batch, height, width, channels]);
}
