export { type Experiment, experimentSchema, readExperiment, type Stage } from './config.js';
export { type Evaluation, evaluateExperiment } from './evaluate-experiment.js';
export { type WatchedTeacher, watchTeacher } from './partition-teacher.js';
export { readRecord, type StageRecord } from './record.js';
export { type ExperimentOptions, runExperiment } from './run-experiment.js';
export type { ExperimentSetting, StageSetting, TrainingProgress } from './setting.js';
export { findTeacher, isTrainedOn, readTeacher, type TeacherFile } from './trained-teacher.js';
