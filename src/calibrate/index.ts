export { type CalibrateOptions, type CalibrationProgress, calibrate } from './calibrate.js';
export { calibratedMachine, machineWarning } from './machine.js';
export { probeSpeed } from './measure-kernels.js';
export { type Measurer, measurerOf } from './measurer.js';
export { freshKernels, sampleKernels, warmUpKernels } from './sample.js';
