export * from './plan.js';
export * from './trace.js';
