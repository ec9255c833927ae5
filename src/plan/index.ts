export * from './check.js';
export * from './order.js';
export * from './plan.js';
export * from './plan-file.js';
export * from './trace.js';
