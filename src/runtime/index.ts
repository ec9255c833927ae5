export { type Backend, type BackendName, backendNames, openBackend, use } from './backend.js';
export { executeWhole, prepareWhole, type WholeNetwork } from './execute-whole.js';
export { foldUnit, type UnitWeights } from './fold.js';
export { drawnWeights, type LayerWeights, type Weights } from './weights.js';
