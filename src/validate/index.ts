export type { Comparison, Validation } from './compare.js';
export { type NoiseFloor, noiseFloor, type Row, type Summary, summarise } from './summary.js';
export { type ValidateOptions, validate } from './validate.js';
