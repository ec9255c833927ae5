/** Half-open range of indices. */
export type Range = readonly [from: number, to: number];

/** Rows and columns of a layer's output; every channel. */
export interface Region {
  readonly rows: Range;
  readonly columns: Range;
}

/** `[height, width, channels]` of one image's feature map; a flat output is `[1, 1, units]`. */
export type Shape = readonly [height: number, width: number, channels: number];

/** The region of a whole feature map. */
export function wholeOf(shape: Shape): Region {
  return { rows: [0, shape[0]], columns: [0, shape[1]] };
}

export function lengthOf(range: Range): number {
  return range[1] - range[0];
}

/** Rows times columns. */
export function areaOf(region: Region): number {
  return lengthOf(region.rows) * lengthOf(region.columns);
}

export function isEmpty(region: Region): boolean {
  return region.rows[0] >= region.rows[1] || region.columns[0] >= region.columns[1];
}

export function sameRegion(a: Region, b: Region): boolean {
  return contains(a, b) && contains(b, a);
}

/** Whether all of `inner` lies in `outer`. */
export function contains(outer: Region, inner: Region): boolean {
  return (
    outer.rows[0] <= inner.rows[0] &&
    outer.rows[1] >= inner.rows[1] &&
    outer.columns[0] <= inner.columns[0] &&
    outer.columns[1] >= inner.columns[1]
  );
}

/** The common part; possibly empty (see `isEmpty`). */
export function intersect(a: Region, b: Region): Region {
  return { rows: common(a.rows, b.rows), columns: common(a.columns, b.columns) };
}

/** The smallest region that holds both. */
export function bounding(a: Region, b: Region): Region {
  return {
    rows: [Math.min(a.rows[0], b.rows[0]), Math.max(a.rows[1], b.rows[1])],
    columns: [Math.min(a.columns[0], b.columns[0]), Math.max(a.columns[1], b.columns[1])],
  };
}

function common(a: Range, b: Range): Range {
  const from = Math.max(a[0], b[0]);
  return [from, Math.max(from, Math.min(a[1], b[1]))];
}
