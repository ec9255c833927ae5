export { NetworkBuilder } from './builder.js';
export * from './layer.js';
export { type NeededInput, type Operator, operatorOf, type Weight } from './layers/index.js';
export { inputShapes, type Network, network, weightsOf } from './network.js';
export * from './region.js';
