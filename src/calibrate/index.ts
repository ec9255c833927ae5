export { type CalibrateOptions, calibrate, probeSpeed } from './calibrate.js';
export { freshKernels, sampleKernels, warmUpKernels } from './sample.js';
