export { type Assignment, assignCommunities, type Pooling } from './assign.js';
export { type Communities, findCommunities, PUBLISHED_RESOLUTION } from './communities.js';
export {
  type FilterEdge,
  type FilterNetwork,
  filterNetworkOf,
  filterNetworkSchema,
  readFilterNetwork,
  strongEdges,
} from './filter-network.js';
export { type Assumption, assumePartition, type Partition } from './partition.js';
export { type FoundPartition, type PartitionOptions, partitionFilters } from './partition-filters.js';
