import { z } from 'zod';
import { complain, NonnError, readDocument, show } from '../foundation/index.js';

/** How strongly filters of a convolution are active together: undirected, weighted, no loops. */
export interface FilterNetwork {
  readonly filters: number;
  /** `weights[i][j]`, symmetric; the diagonal does not count. */
  readonly weights: readonly (readonly number[])[];
}

/** An edge of a filter network, `from` below `to`. */
export interface FilterEdge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

const LARGEST = 8192;

/** Form of a filter network's file. */
export const filterNetworkSchema = z.strictObject({
  filters: z.int().min(1).max(LARGEST),
  weights: z.array(z.array(z.number().min(0))).min(1),
});

/**
 * Reads a filter network.
 * @throws NonnError if it is not square, not symmetric, or not of the size that it says.
 */
export function readFilterNetwork(file: string): FilterNetwork {
  const read = readDocument(file, filterNetworkSchema);
  const { filters, weights } = read;
  if (weights.length !== filters) {
    throw complain({
      file,
      path: 'weights',
      found: `${weights.length} rows`,
      expected: `${filters}, as "filters" says`,
    });
  }
  for (const [i, row] of weights.entries()) {
    if (row.length !== filters) {
      throw complain({ file, path: `weights[${i}]`, found: `${row.length} numbers`, expected: `${filters}` });
    }
    const j = row.findIndex((weight, column) => column < i && weight !== weights[column]![i]);
    if (j >= 0) {
      const found = `${show(row[j])} beside ${show(weights[j]![i])} at weights[${j}][${i}]`;
      throw complain({ file, path: `weights[${i}][${j}]`, found, expected: 'a symmetric matrix' });
    }
  }
  return read;
}

/** Filters of an image that take part in edges (the authors' choice). */
const MOST_ACTIVE = 50;

/**
 * The filter network of a teacher: for every image the 50 most active filters, and for every pair of them
 * a_i * a_j * |a_i - a_j| added to the edge, which joins a very active filter to a less active one (the activation hub
 * rule of Bhardwaj et al., CODES+ISSS 2019, as in the authors' code).
 *
 * @param activities `[images][filters]`: each filter's mean activation after pooling. Negative ones count as 0, and
 * each image's are divided by its largest.
 */
export function filterNetworkOf(activities: readonly (readonly number[])[]): FilterNetwork {
  const filters = activities[0]?.length ?? 0;
  if (filters === 0)
    throw new NonnError('filter activities: found no image or no filter, expected at least one of each');
  const weights = Array.from({ length: filters }, () => new Array<number>(filters).fill(0));
  for (const image of activities) {
    const largest = Math.max(...image);
    if (largest <= 0) continue;
    const active = image
      .map((activity, filter) => ({ filter, activity: Math.max(0, activity) / largest }))
      .sort((a, b) => b.activity - a.activity || a.filter - b.filter)
      .slice(0, MOST_ACTIVE);
    for (const [index, a] of active.entries()) {
      for (const b of active.slice(index + 1)) {
        const weight = a.activity * b.activity * Math.abs(a.activity - b.activity);
        weights[a.filter]![b.filter]! += weight;
        weights[b.filter]![a.filter]! += weight;
      }
    }
  }
  return { filters, weights };
}

/** Edges below this share of the non-zero ones are dropped. */
const THRESHOLD = 0.99;

/**
 * The strongest edges: those of at least the 99th percentile (linear interpolation) of all non-zero ones, weights
 * divided by the largest, ordered by their ends.
 */
export function strongEdges({ filters, weights }: FilterNetwork): FilterEdge[] {
  const edges: FilterEdge[] = [];
  for (let from = 0; from < filters; from++) {
    for (let to = from + 1; to < filters; to++) {
      const weight = weights[from]![to]!;
      if (weight > 0) edges.push({ from, to, weight });
    }
  }
  if (edges.length === 0) return [];
  const sorted = edges.map((edge) => edge.weight).sort((a, b) => a - b);
  const threshold = percentile(sorted, THRESHOLD);
  const largest = sorted.at(-1)!;
  return edges
    .filter((edge) => edge.weight >= threshold)
    .map((edge) => ({ ...edge, weight: edge.weight / largest }));
}

/** Percentile of ascending values with linear interpolation between neighbours. */
function percentile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (place - below) * (above - sorted[below]!);
}
