import * as tf from '@tensorflow/tfjs-core';
import { NonnError, randomStream } from '../../foundation/index.js';
import {
  type Augmentation,
  countOf,
  type DataSet,
  fillBatch,
  shuffled,
  swapRectangles,
} from '../data/index.js';
import type { AverageWeights } from './average-weights.js';
import type { BestWeights } from './best-weights.js';
import { accuracyOf, predictedClasses } from './evaluate.js';
import { type BatchStatistics, forward } from './forward.js';
import type { TrainingKernels } from './kernels/kernels.js';
import { mixed, smoothed } from './loss.js';
import type { Nesterov } from './nesterov.js';
import type { Objective } from './objective.js';
import { learningRate, type Schedule } from './schedule.js';
import { type Trainable, trainedNames } from './trainable.js';

/** How a network is trained. */
export interface TrainingOptions {
  readonly epochs: number;
  /** Images a step. */
  readonly batch: number;
  readonly schedule: Schedule;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  /** How much of the moving statistics of normalisations each step keeps. */
  readonly statisticsMomentum: number;
  readonly augmentation: Omit<Augmentation, 'random'> & {
    /** Probability that an image swaps a rectangle with another of its batch; 0, the default, for none. */
    readonly cutMix?: number | undefined;
  };
  /** Ends the training after so many epochs without a better validation, and keeps the best weights. */
  readonly patience?: number | undefined;
  /** Ends with the mean of the weights after each of the last so many epochs. */
  readonly averaged?: number | undefined;
}

/** What an epoch came to. */
export interface EpochLog {
  readonly epoch: number;
  readonly rate: number;
  readonly loss: number;
  /** Share of the augmented training images that were right while it learned; a mixed image has its own class. */
  readonly accuracy: number;
  readonly validation: number | null;
  readonly imagesPerSecond: number;
}

/** Where a training stands between two steps; with the tensors, all that it needs to go on. */
export interface Position {
  readonly epoch: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  /** Sums over the steps of this epoch. */
  readonly lossSum: number;
  readonly right: number;
  readonly seconds: number;
  readonly log: readonly EpochLog[];
}

export const START: Position = { epoch: 0, step: 0, lossSum: 0, right: 0, seconds: 0, log: [] };

export interface TrainingTask {
  /** Names its random streams, with the seed. */
  readonly id: string;
  readonly seed: number;
  readonly trainable: Trainable;
  readonly optimiser: Nesterov;
  readonly objective: Objective;
  readonly data: DataSet;
  readonly options: TrainingOptions;
  readonly kernels: TrainingKernels;
  readonly from: Position;
  /** Where the best weights are kept; needed where the options have patience. */
  readonly best?: BestWeights | undefined;
  /** Where the mean of the last weights is kept; needed where the options average some. */
  readonly average?: AverageWeights | undefined;
  /** Is told of every step, and may save what it sees. */
  readonly onStep?: (position: Position, steps: number) => void;
}

/**
 * Trains a network in place. Order and augmentation follow from seed, id, epoch and step alone, so that a training that
 * was broken off and goes on comes to the same weights.
 * @returns the log of its epochs.
 * @throws NonnError if the loss is no longer a number.
 */
export function train(task: TrainingTask): readonly EpochLog[] {
  const { options, data, id, seed } = task;
  const steps = Math.floor(countOf(data.train) / options.batch);
  if (options.patience !== undefined && (data.validation === null || task.best === undefined))
    throw new NonnError(
      `training ${id}: found no validation images, expected some: patience waits for a better validation`,
    );
  if (steps === 0)
    throw new NonnError(
      `training ${id}: found ${countOf(data.train)} images, expected at least a batch of ${options.batch}`,
    );
  let position = task.from;
  while (position.epoch < options.epochs && !isStale(position.log, options.patience)) {
    const { epoch } = position;
    const order = shuffled(countOf(data.train), randomStream(seed, `order/${id}/${epoch}`));
    while (position.step < steps) {
      const begun = performance.now();
      const rate = learningRate(options.schedule, (epoch * steps + position.step) / (options.epochs * steps));
      const { loss, right } = trainStep(task, order, position, rate);
      if (!Number.isFinite(loss))
        throw new NonnError(
          `training ${id}: found a loss of ${loss} in step ${position.step} of epoch ${epoch + 1}, expected a number (a lower peak of the learning rate may help)`,
        );
      position = {
        ...position,
        step: position.step + 1,
        lossSum: position.lossSum + loss,
        right: position.right + right,
        seconds: position.seconds + (performance.now() - begun) / 1000,
      };
      task.onStep?.(position, steps);
    }
    position = { ...START, epoch: epoch + 1, log: [...position.log, epochLog(task, position, steps)] };
    // Before the step is told, so that a checkpoint of this place has them.
    if (bestEpoch(position.log) === epoch) task.best?.keep();
    const averagedBefore = epoch - (options.epochs - (options.averaged ?? 0));
    if (averagedBefore >= 0) task.average?.take(averagedBefore);
    task.onStep?.(position, steps);
  }
  task.best?.restore();
  if (task.average !== undefined) {
    task.average.restore();
    takeStatistics(task, steps);
  }
  return position.log;
}

/** Gives normalisations the mean statistics of an epoch's batches under the weights as they are now. */
function takeStatistics(task: TrainingTask, steps: number): void {
  const { trainable, objective, data, options, kernels, id, seed } = task;
  const order = shuffled(countOf(data.train), randomStream(seed, `order/${id}/${options.epochs}`));
  for (let step = 0; step < steps; step++) {
    const { numbers, shape } = augmentedBatch(task, order, options.epochs, step);
    const statistics: BatchStatistics = new Map();
    tf.tidy(() => {
      const images = tf.tensor4d(numbers, shape);
      forward(trainable, images, objective.wanted, { training: true, kernels, statistics });
    });
    follow(trainable, statistics, step / (step + 1));
  }
}

function trainStep(
  task: TrainingTask,
  order: Uint32Array,
  { epoch, step }: Position,
  rate: number,
): { readonly loss: number; readonly right: number } {
  const { trainable, objective, data, options, kernels } = task;
  const { batch, labelSmoothing } = options;
  const set = data.train;
  const { numbers, shape, labels, swapped } = augmentedBatch(task, order, epoch, step);
  const names = trainedNames(trainable);
  const variables = names.map((name) => trainable.variables.get(name)!);
  const statistics: BatchStatistics = new Map();
  const result = tf.tidy(() => {
    const images = tf.tensor4d(numbers, shape);
    const targets = mixed(smoothed(labels, set.classes.length, labelSmoothing), swapped);
    const taught = objective.teach(images);
    let logits: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const outputs = forward(trainable, images, objective.wanted, { training: true, kernels, statistics });
      logits = tf.keep(tf.clone(outputs[0]!));
      return objective.loss(outputs, targets, taught);
    }, variables);
    const gradients = new Map(names.map((name, index) => [name, grads[variables[index]!.name]!]));
    task.optimiser.step(gradients, rate);
    const predicted = tf.argMax(tf.reshape(logits!, [batch, -1]), 1).dataSync();
    logits!.dispose();
    const right = labels.reduce((sum, label, index) => sum + (predicted[index] === label ? 1 : 0), 0);
    return { loss: value.dataSync()[0]!, right };
  });
  follow(trainable, statistics, options.statisticsMomentum);
  return result;
}

interface AugmentedBatch {
  readonly numbers: Float32Array;
  /** `[batch, height, width, channels]` */
  readonly shape: [number, number, number, number];
  readonly labels: Uint8Array;
  /** Share of each image that is of its pair's, or nothing where no pair swaps. */
  readonly swapped: Float32Array | null;
}

/** The images of one step, varied as the options say. */
function augmentedBatch(
  { data: { train: set }, options: { batch, augmentation }, id, seed }: TrainingTask,
  order: Uint32Array,
  epoch: number,
  step: number,
): AugmentedBatch {
  const indexes = order.subarray(step * batch, (step + 1) * batch);
  const shape: AugmentedBatch['shape'] = [batch, ...set.shape];
  const numbers = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const random = randomStream(seed, `augment/${id}/${epoch}/${step}`);
  fillBatch(numbers, set, indexes, { ...augmentation, random });
  const { cutMix = 0 } = augmentation;
  // After all other draws, so that these are the same with and without.
  const swapped = cutMix > 0 ? swapRectangles(numbers, shape, cutMix, random) : null;
  return { numbers, shape, labels: Uint8Array.from(indexes, (index) => set.labels[index]!), swapped };
}

/** Moves the learned statistics of normalisations towards those of the batch. */
function follow({ variables }: Trainable, statistics: BatchStatistics, momentum: number): void {
  for (const [id, { mean, variance }] of statistics) {
    tf.tidy(() => {
      for (const [name, now] of [
        ['movingMean', mean],
        ['movingVariance', variance],
      ] as const) {
        const moving = variables.get(`${id}/${name}`)!;
        moving.assign(tf.add(tf.mul(moving, momentum), tf.mul(now, 1 - momentum)));
      }
    });
    tf.dispose([mean, variance]);
  }
}

function epochLog({ trainable, data, options }: TrainingTask, position: Position, steps: number): EpochLog {
  const images = steps * options.batch;
  const { validation } = data;
  return {
    epoch: position.epoch + 1,
    rate: learningRate(options.schedule, (position.epoch + 1) / options.epochs),
    loss: position.lossSum / steps,
    accuracy: position.right / images,
    validation: validation && accuracyOf(predictedClasses(trainable, validation), validation.labels),
    imagesPerSecond: images / position.seconds,
  };
}

/** Whether so many epochs have brought no better validation. */
function isStale(log: readonly EpochLog[], patience: number | undefined): boolean {
  return patience !== undefined && log.length > 0 && log.length - 1 - bestEpoch(log) >= patience;
}

/** Index of the first epoch with the best validation. */
export function bestEpoch(log: readonly EpochLog[]): number {
  return log.reduce((best, { validation }, index) => {
    return (validation ?? 0) > (log[best]!.validation ?? 0) ? index : best;
  }, 0);
}
