import type { Range, Region, Shape } from '../network/index.js';

/** Cuts a length into ranges in proportion to the shares; a range may be empty where the length is short. */
export function cutInProportion(length: number, shares: readonly number[]): Range[] {
  const total = shares.reduce((a, b) => a + b, 0);
  let sum = 0;
  let from = 0;
  return shares.map((share) => {
    sum += share;
    const to = Math.round((length * sum) / total);
    const range: Range = [from, to];
    from = to;
    return range;
  });
}

/** A strip of a map across rows or columns. */
export function strip(shape: Shape, axis: 'rows' | 'columns', range: Range): Region {
  return axis === 'rows' ? { rows: range, columns: [0, shape[1]] } : { rows: [0, shape[0]], columns: range };
}
