import { UndirectedGraph } from 'graphology';
import louvainModule from 'graphology-communities-louvain';
import { randomStream } from '../foundation/index.js';
import type { FilterEdge } from './filter-network.js';

/** Groups of filters that are connected more strongly inside than to others. */
export interface Communities {
  /** Filters of each community, ascending; the largest community first, then by its first filter. */
  readonly communities: readonly (readonly number[])[];
  /** (1/2m) sum_ij [A_ij - resolution k_i k_j / 2m] delta(g_i, g_j). */
  readonly modularity: number;
}

/**
 * The authors call python-louvain with resolution 0.7, a "time" parameter; the usual modularity resolution is its
 * inverse.
 */
export const PUBLISHED_RESOLUTION = 1 / 0.7;

const RUNS = 10;

// The package is CommonJS with a default export, which Node gives as the module itself.
const louvain =
  (louvainModule as unknown as { default?: typeof louvainModule.default }).default ??
  (louvainModule as unknown as typeof louvainModule.default);

/**
 * Louvain communities (Blondel et al., 2008) of the filters that some edge joins: the best by modularity of ten seeded
 * runs, the earlier one where they are equal.
 */
export function findCommunities(edges: readonly FilterEdge[], resolution: number, seed: number): Communities {
  if (edges.length === 0) return { communities: [], modularity: 0 };
  const graph = new UndirectedGraph();
  for (const { from, to, weight } of edges) {
    graph.mergeNode(String(from));
    graph.mergeNode(String(to));
    graph.addEdge(String(from), String(to), { weight });
  }
  let best: { communities: Record<string, number>; modularity: number } | undefined;
  for (let run = 0; run < RUNS; run++) {
    const stream = randomStream(seed, `louvain ${run}`);
    const found = louvain.detailed(graph, {
      resolution,
      rng: () => stream.uniform(),
      getEdgeWeight: 'weight',
    });
    if (best === undefined || found.modularity > best.modularity) best = found;
  }
  const groups = new Map<number, number[]>();
  for (const [filter, community] of Object.entries(best!.communities)) {
    const group = groups.get(community) ?? [];
    groups.set(community, group);
    group.push(Number(filter));
  }
  const communities = [...groups.values()].map((group) => group.sort((a, b) => a - b));
  return { communities: communities.sort(largestFirst), modularity: best!.modularity };
}

/** Larger groups first; of equal ones, that with the smaller first filter. */
export function largestFirst(a: readonly number[], b: readonly number[]): number {
  return b.length - a.length || a[0]! - b[0]!;
}
