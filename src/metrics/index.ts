export { type Metrics, metricsOf, type Observation, type Shortage } from './metrics.js';
export { batchMeansInterval } from './statistics.js';
export { type OfferedLoad, offeredLoad } from './utilisation.js';
