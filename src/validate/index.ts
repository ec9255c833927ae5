export { noiseFloor, type Row, type Summary, summarise } from './summary.js';
export { type ValidateOptions, type Validation, validate } from './validate.js';
