export { type ArrivalSource, type Arrivals, arrivalSource, arrivalTimes, energyHorizon } from './arrivals.js';
export { type CompiledPlan, compilePlan } from './compile.js';
export { energyByDevice } from './energy.js';
export { type Observer, type Played, type PlayOptions, play } from './engine.js';
export { FairSharing, type SharedLinks } from './fair-sharing.js';
export { memoryByDevice } from './memory.js';
export { type SimulateOptions, simulate } from './simulate.js';
export { type PlanFileResult, simulatePlanFile } from './simulate-plan-file.js';
