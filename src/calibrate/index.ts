export { type CalibrateOptions, calibrate, probeSpeed } from './calibrate.js';
export { freshKernels, sampleKernels } from './sample.js';
