export type { Candidate } from './candidate.js';
export { designOf } from './design.js';
export { flatten } from './inputs.js';
export {
  candidateById,
  loadScenario,
  makeScenario,
  type Scenario,
  type ScenarioOverrides,
} from './scenario.js';
export { type Budgets, type Objective, objectives, scenarioSchema } from './schema.js';
