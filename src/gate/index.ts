export {
  type Baseline,
  type BaselineRecord,
  type BaselineUpdate,
  baselineSchema,
  readBaseline,
  recordFor,
  recordOf,
  updateBaseline,
} from './baseline.js';
export { type GateRow, type GateVerdict, gate } from './gate.js';
export { gateText } from './gate-text.js';
export { type MetricSubject, metricSubject } from './metric-id.js';
export { type Judgement, judge, TOLERANCE } from './rule.js';
