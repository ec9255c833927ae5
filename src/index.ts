/**
 * nonn as a library: each room under its name, as in `simulate.simulate(plan, platform)`. A program that needs one room
 * only imports it alone, `nonn/simulate` or `nonn/device`, and loads no more than that room does.
 *
 * @packageDocumentation
 */
export * as calibrate from './calibrate/index.js';
export * as device from './device/index.js';
export * as explore from './explore/index.js';
export * as foundation from './foundation/index.js';
export * as gate from './gate/index.js';
export * as kernel from './kernel/index.js';
export * as learn from './learn/index.js';
export * as metrics from './metrics/index.js';
export * as network from './network/index.js';
export * as partition from './partition/index.js';
export * as plan from './plan/index.js';
export * as report from './report/index.js';
export * as runtime from './runtime/index.js';
export * as scenario from './scenario/index.js';
export * as simulate from './simulate/index.js';
export * as strategy from './strategy/index.js';
export * as validate from './validate/index.js';
