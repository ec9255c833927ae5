export { compareRows } from './compare.js';
export { ENGINE_VERSION } from './engine-version.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
export { dominates, paretoFront } from './pareto.js';
export { type PickRule, pick, pickRules } from './pick.js';
export {
  hashesSchema,
  inputsSchema,
  metricSchema,
  type ReadResult,
  readResult,
  resultSchema,
  rowSchema,
} from './read-result.js';
export { candidatesCsv, type Metric, type Result, resultFiles, resultOf, writeResult } from './result.js';
export type { LoneRow, Row } from './row.js';
export { type SweepOptions, sweep } from './sweep.js';
