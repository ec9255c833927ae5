import { type Assignment, assignCommunities, type Pooling } from './assign.js';
import { findCommunities, PUBLISHED_RESOLUTION } from './communities.js';
import { type FilterEdge, type FilterNetwork, strongEdges } from './filter-network.js';

/** How the filters of a filter network are shared out. */
export interface PartitionOptions {
  readonly students: number;
  readonly pool: Pooling;
  /** Of modularity; the published one where it is left out. */
  readonly resolution?: number | undefined;
  readonly seed: number;
}

/** A filter network from its strongest edges to the filters of each student. */
export interface FoundPartition extends Assignment {
  /** All filters of the layer. */
  readonly filters: number;
  readonly edges: readonly FilterEdge[];
  readonly resolution: number;
  readonly modularity: number;
  readonly communities: readonly (readonly number[])[];
}

/**
 * Threshold, communities and assignment to students (Bhardwaj et al., CODES+ISSS 2019), the same for the same seed.
 * @throws NonnError if there are fewer groups of filters than students.
 */
export function partitionFilters(
  network: FilterNetwork,
  { students, pool, resolution = PUBLISHED_RESOLUTION, seed }: PartitionOptions,
): FoundPartition {
  const edges = strongEdges(network);
  const { communities, modularity } = findCommunities(edges, resolution, seed);
  const assignment = assignCommunities(communities, network.filters, students, pool);
  return { filters: network.filters, edges, resolution, modularity, communities, ...assignment };
}
