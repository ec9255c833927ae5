export { type Backend, type BackendName, backendNames, openBackend, use } from './backend.js';
export { backendVersion } from './backend-version.js';
export { prepareCodec } from './codec-run.js';
export {
  type ExecuteOptions,
  type Execution,
  execute,
  type PreparedPlan,
  preparePlan,
} from './execute.js';
export { executeWhole, prepareWhole, type WholeNetwork } from './execute-whole.js';
export { foldUnit, type UnitWeights } from './fold.js';
export { decodeFrame, encodeFrame, type Frame, type FramePiece } from './frame.js';
export { type BatchedKernel, type KernelRun, prepareBatches, prepareKernel } from './kernel-run.js';
export { type LiveCosts, liveCosts } from './live.js';
export { LoadedNetwork } from './loaded-network.js';
export { least, type Rounds, type Runnable, timeInterleaved, timeKernels, warmUp } from './measure.js';
export { type TensorWatch, watchTensors } from './tensor-watch.js';
export { drawnWeights, type LayerWeights, type Weights } from './weights.js';
