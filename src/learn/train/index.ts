export { AverageWeights } from './average-weights.js';
export { BestWeights } from './best-weights.js';
export { resumeCheckpoint, saveCheckpoint } from './checkpoint.js';
export { accuracyOf, outputsOf, predictedClasses } from './evaluate.js';
export { type BatchStatistics, forward, type Mode } from './forward.js';
export { trainingKernels } from './kernels/index.js';
export type { TrainingKernels } from './kernels/kernels.js';
export { attentionDistance, crossEntropy, featureDistance, mixed, smoothed, softTargets } from './loss.js';
export { Nesterov, type NesterovOptions } from './nesterov.js';
export {
  distillation,
  type Learning,
  type LossTerms,
  labelsAlone,
  type Objective,
  type Teaching,
} from './objective.js';
export { learningRate, type Schedule } from './schedule.js';
export {
  bestEpoch,
  type EpochLog,
  type Position,
  START,
  type TrainingOptions,
  type TrainingTask,
  train,
} from './train.js';
export { disposeTrainable, type Trainable, trainable, trainedNames, weightsNow } from './trainable.js';
