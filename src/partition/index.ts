export { type Assumption, assumePartition, type Partition } from './partition.js';
