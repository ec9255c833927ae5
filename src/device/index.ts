export type { Cost, CostModel } from './cost.js';
export type { DeviceModel, Platform, PowerStates } from './platform.js';
export type { Link, Topology, Transfer } from './topology.js';
export {
  type NetworkModel,
  nominalModel,
  type Route,
  type RoutedLink,
  type RoutedTopology,
  routedTopology,
} from './routed.js';
