export { type CalibrateOptions, calibrate, probeSpeed } from './calibrate.js';
export { calibratedMachine, machineWarning } from './machine.js';
export { freshKernels, sampleKernels, warmUpKernels } from './sample.js';
