export { NetworkBuilder, type Unnamed } from './builder.js';
export { costOf, type LayerCost, type NetworkCost } from './cost.js';
export { networkHash } from './hash.js';
export {
  importedOperators,
  isNetworkFile,
  type LoadedFile,
  type LoadOptions,
  loadNetwork,
  networkFileName,
} from './import/index.js';
export * from './layer.js';
export { cropOf, type NeededInput, type Operator, operatorOf, spanOf, type Weight } from './layers/index.js';
export { namedNetwork } from './named.js';
export { inputShapes, type Network, network, type StoredWeights, weightsOf } from './network.js';
export * from './region.js';
export { dequantise, type QuantisedKernel, quantise } from './weights/quantise.js';
export { readSafetensors, type StoredTensor, safetensors } from './weights/safetensors.js';
export {
  bytesSaved,
  roundedKernel,
  storeWeights,
  type WeightType,
  withStoredWeights,
} from './weights/store.js';
export { isZooName, type ZooOptions, zooNames, zooNetwork, zooPatterns } from './zoo/index.js';
