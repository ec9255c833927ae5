export * from './check.js';
export { movedOnDevices } from './moved.js';
export * from './order.js';
export { heldOf, regionOf } from './piece.js';
export * from './plan.js';
export * from './plan-file.js';
export { homeOf, stateOf } from './task.js';
export * from './trace.js';
