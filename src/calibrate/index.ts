export { type CalibrateOptions, type CalibrationProgress, calibrate } from './calibrate.js';
export { calibratedMachine, machineWarning } from './machine.js';
export { probeSpeed } from './measure-kernels.js';
export { freshKernels, sampleKernels, warmUpKernels } from './sample.js';
