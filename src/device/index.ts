export {
  type BatchFamilyModel,
  batchFamilyModel,
  batchKernelCost,
  batchSeconds,
  batchSection,
  type MeasuredBatches,
} from './batch-latency.js';
export type { BatchErrors, BatchFamily, BatchSection } from './batch-schema.js';
export { batchTerms } from './batch-terms.js';
export {
  type BoardRows,
  type BoardsFit,
  boardRows,
  chooseStrength,
  chosenStrength,
  type FitStrength,
  fitBoards,
  kernelsOf,
  type LeftOutRow,
  leaveOneNetworkOut,
  strengths,
} from './board-fit.js';
export { networkSeconds } from './board-model.js';
export { type BoardFits, type BoardLatency, boardLatency, fitTable } from './board-profile.js';
export { type BoardTable, boardTableSchema, type TableKernel } from './board-table.js';
export { platformOf } from './cluster.js';
export {
  type Cluster,
  type ClusterDevice,
  type ClusterFile,
  type ClusterOrigin,
  clusterSchema,
  type Medium,
  mediumProfile,
  profilesOf,
  resolveCluster,
} from './cluster-schema.js';
export type { Cost, CostModel } from './cost.js';
export { type ExplainedRow, explainProfile } from './explain.js';
export {
  familyFallbacks,
  familyReasons,
  type LatencyFamily,
  latencyFamilies,
  latencyFamily,
} from './family.js';
export { covariance } from './kriging.js';
export { baseSeconds, kernelCost, sumOfCosts, workCost } from './latency.js';
export { latencyFeature } from './latency-feature.js';
export { type LearnedFamily, learnedFamily, learnedSeconds, workSeconds } from './learned.js';
export type { LearnedLatency } from './learned-schema.js';
export { nonNegativeLeastSquares } from './least-squares.js';
export { type CalibratedMachine, machineDifferences } from './machine.js';
export {
  type KernelTable,
  kernelTables,
  type MeasuredKernel,
  measuredKernels,
  tablesOf,
} from './measured-kernels.js';
export { FRAME_PAYLOAD_BYTES, type MediumModel, mediumModel } from './medium.js';
export { type MessageTime, messageTime } from './message-time.js';
export { leaveNetworksOut, microcontrollerRows, type PredictedRow } from './microcontroller-fit.js';
export { microcontrollerSeconds } from './microcontroller-model.js';
export {
  fitMicrocontrollerTable,
  type MicrocontrollerFigures,
  type MicrocontrollerFits,
  microcontrollerFigures,
} from './microcontroller-profile.js';
export { type MicrocontrollerTable, microcontrollerTableSchema } from './microcontroller-table.js';
export { kernelsOfParam } from './ncnn-param.js';
export type { DeviceModel, Platform, PowerStates } from './platform.js';
export { decompose, solveLower, solveUpper } from './positive-definite.js';
export { type BatchPrediction, predictBatch } from './predict-batch.js';
export {
  type LayerPrediction,
  type MemoryNeed,
  type NetworkPrediction,
  predictNetwork,
} from './predict-network.js';
export {
  type DeviceProfile,
  type FamilyBase,
  type LatencyFit,
  type LinkProfile,
  profileSchema,
  runtimes,
} from './profile.js';
export { loadProfile, parseProfile, profileFolder, profileNames } from './profiles.js';
export { type CacheBounds, movedBytes, type Refilling, refilledBytes } from './refill.js';
export { type NetworkMemory, networkMemory, residentMemory } from './resident-memory.js';
export {
  type FittedKernel,
  type FittedRow,
  fitRoofline,
  type RooflineParameters,
  rooflineSeconds,
} from './roofline-fit.js';
export {
  type NetworkModel,
  nominalModel,
  type Route,
  type RoutedLink,
  type RoutedTopology,
  routedTopology,
} from './routed.js';
export {
  groupSeconds,
  rowLength,
  type ShapeEffect,
  shapeFactor,
  type WorkShape,
  workShape,
} from './shape-effect.js';
export { figureOf, intervalOf, type Known, type Sourced, type Unknown } from './sourced.js';
export { tableSeconds } from './table-cost.js';
export type { Link, Topology, Transfer } from './topology.js';
export { unsteadiness, type WorkPart, workShare } from './work-parts.js';
export { type WorkTerms, workTerms } from './work-terms.js';
