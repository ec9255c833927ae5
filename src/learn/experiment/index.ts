export { type Experiment, experimentSchema, readExperiment, type Stage } from './config.js';
export { readRecord, type StageRecord } from './record.js';
export { type ExperimentOptions, runExperiment } from './run-experiment.js';
export type { ExperimentSetting, StageSetting, TrainingProgress } from './setting.js';
