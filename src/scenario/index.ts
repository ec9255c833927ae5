export type { Candidate } from './candidate.js';
export { type Design, designOf, settingOf } from './design.js';
export { flatten } from './inputs.js';
export {
  candidateById,
  loadScenario,
  makeScenario,
  type Scenario,
  type ScenarioOverrides,
} from './scenario.js';
export { type Budgets, type Objective, objectives, scenarioSchema } from './schema.js';
export type { TrainedDesign, TrainedRecords } from './trained-design.js';
export {
  partitionFile,
  stagesOf,
  type TrainedNetwork,
  type TrainedStage,
  trainedIn,
} from './trained-stages.js';
export {
  epochLogSchema,
  PARTITION_FILE,
  PREDICTIONS_FILE,
  RECORD_FILE,
  readRecord,
  type StageRecord,
  WEIGHTS_FILE,
} from './training-record.js';
