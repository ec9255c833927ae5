export * from './account/index.js';
export * from './data/index.js';
export * from './experiment/index.js';
export * from './students/index.js';
export { type TrainingKernels, trainingKernels } from './train/index.js';
