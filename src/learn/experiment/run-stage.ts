import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { documentText, hashData, sha256, writeAtomically } from '../../foundation/index.js';
import { costOf, networkHash, storeWeights } from '../../network/index.js';
import { countOf } from '../data/index.js';
import {
  AverageWeights,
  accuracyOf,
  BestWeights,
  bestEpoch,
  disposeTrainable,
  Nesterov,
  type Position,
  predictedClasses,
  resumeCheckpoint,
  saveCheckpoint,
  type Trainable,
  train,
  trainable,
  trainingKernels,
  weightsNow,
} from '../train/index.js';
import { type Stage, trainingOf } from './config.js';
import { dataHash } from './hashes.js';
import { PARTITION_FILE, PREDICTIONS_FILE, type StageRecord, WEIGHTS_FILE, writeRecord } from './record.js';
import type { StageSetting, TrainingProgress } from './setting.js';
import { sourceWeights } from './source-stage.js';
import { stageTask } from './stage-task.js';

/** A checkpoint is at most so old, where nothing else is said. */
const CHECKPOINT_SECONDS = 45;

/** Trains one network of an experiment to its end, from its checkpoint if it has one, and writes what came of it. */
export function runStage(options: StageSetting): StageRecord {
  const { experiment, stage, seed, folder, data, backend, threads } = options;
  const { checkpointSeconds = CHECKPOINT_SECONDS } = options;
  const training = trainingOf(experiment, stage);
  const { network, objective, partition, students = [], dispose } = stageTask(options);
  const from = sourceWeights(options);
  const hash = hashData({
    training,
    stage,
    seed,
    data: dataHash(data),
    network: networkHash(network),
    ...from,
  });
  const learner = trainable(network, seed, network.weights);
  const optimiser = new Nesterov(learner, training);
  const best = training.patience === undefined ? undefined : new BestWeights(learner);
  const average = training.averaged === undefined ? undefined : new AverageWeights(learner);
  const state = { trainable: learner, optimiser, best, average };
  const checkpoints = join(folder, 'checkpoint');
  const resumed = resumeCheckpoint(checkpoints, hash, state);
  let saved = performance.now();
  const begun = performance.now();
  const log = train({
    id: stage.id,
    seed,
    trainable: learner,
    optimiser,
    objective,
    data,
    options: training,
    kernels: trainingKernels(backend),
    from: resumed,
    best,
    average,
    onStep: (position, stepsPerEpoch) => {
      if (performance.now() - saved >= checkpointSeconds * 1000) {
        saveCheckpoint(checkpoints, hash, state, position);
        saved = performance.now();
      }
      if (position.step === 0 && position.log.length > 0)
        options.onEpoch?.(seed, stage.id, position.log.at(-1)!);
      const done = stepsDone(position, stepsPerEpoch) - stepsDone(resumed, stepsPerEpoch);
      const left = training.epochs * stepsPerEpoch - stepsDone(position, stepsPerEpoch);
      const secondsLeft = done === 0 ? Number.NaN : ((performance.now() - begun) / 1000 / done) * left;
      options.onStep?.({
        seed,
        stage: stage.id,
        epochs: training.epochs,
        stepsPerEpoch,
        position,
        epoch: soFar(position, training.batch),
        secondsLeft,
      });
    },
  });
  const weights = storeWeights(network, weightsNow(learner));
  const predicted = predictedClasses(learner, data.test);
  writeAtomically(join(folder, WEIGHTS_FILE), weights);
  writeAtomically(join(folder, PREDICTIONS_FILE), predicted);
  if (partition !== undefined) writeAtomically(join(folder, PARTITION_FILE), documentText(partition));
  const cost = costOf(network);
  const record: StageRecord = {
    experiment: experiment.name,
    stage: stage.id,
    kind: stage.kind,
    seed,
    network: stage.kind === 'nonn' ? [...students] : stage.network,
    ...learnedFrom(stage),
    ...(partition === undefined ? {} : { filters: partition.students.map((filters) => filters.length) }),
    parameters: cost.trainableParameters,
    macs: cost.macs,
    data: {
      name: data.name,
      shape: [...data.train.shape],
      classes: data.train.classes.length,
      train: countOf(data.train),
      validation: data.validation === null ? 0 : countOf(data.validation),
      test: countOf(data.test),
      hash: dataHash(data),
    },
    backend,
    threads,
    accuracy: accuracyOf(predicted, data.test.labels),
    validation:
      average === undefined
        ? (log.at(best === undefined ? -1 : bestEpoch(log))?.validation ?? null)
        : validationOf(learner, data),
    hashes: { task: hash, network: networkHash(network), weights: sha256(weights).slice(0, 16), ...from },
    training,
    log: [...log],
  };
  writeRecord(folder, record);
  rmSync(checkpoints, { recursive: true, force: true });
  optimiser.dispose();
  best?.dispose();
  average?.dispose();
  disposeTrainable(learner);
  dispose();
  return record;
}

/** Of weights that no epoch of the log had. */
function validationOf(learner: Trainable, { validation }: StageSetting['data']): number | null {
  return validation && accuracyOf(predictedClasses(learner, validation), validation.labels);
}

function learnedFrom(stage: Stage): Pick<StageRecord, 'teacher' | 'loss' | 'start'> {
  const start = stage.kind === 'distilled' ? undefined : stage.start;
  return {
    ...(start === undefined ? {} : { start }),
    ...(stage.kind === 'labels' ? {} : { teacher: stage.teacher, loss: stage.loss }),
  };
}

function soFar({ step, lossSum, right, seconds }: Position, batch: number): TrainingProgress['epoch'] {
  if (step === 0) return null;
  const images = step * batch;
  return { loss: lossSum / step, accuracy: right / images, imagesPerSecond: images / seconds };
}

function stepsDone({ epoch, step }: Position, stepsPerEpoch: number): number {
  return epoch * stepsPerEpoch + step;
}
