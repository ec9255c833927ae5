import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DataSet, mnist, subset } from '../../../src/learn/index.js';
import {
  AverageWeights,
  BestWeights,
  bestEpoch,
  disposeTrainable,
  labelsAlone,
  Nesterov,
  type Position,
  START,
  type Trainable,
  type TrainingOptions,
  train,
  trainable,
  trainingKernels,
} from '../../../src/learn/train/index.js';
import { zooNetwork } from '../../../src/network/index.js';
import { openBackend } from '../../../src/runtime/index.js';

const options: TrainingOptions = {
  epochs: 6,
  batch: 40,
  schedule: { kind: 'cosine', peak: 0.1, warmUp: 0 },
  momentum: 0.9,
  weightDecay: 5e-4,
  labelSmoothing: 0,
  statisticsMomentum: 0.8,
  augmentation: { flip: false, shift: 0 },
};

let data: DataSet;

beforeAll(async () => {
  await openBackend('tfjs-wasm');
  const { name, train: all, test } = mnist();
  const some = (every: number, count: number) => Array.from({ length: count }, (_, index) => index * every);
  data = { name, train: subset(all, some(33, 240)), validation: subset(test, some(9, 200)), test };
});

const numbersOf = ({ variables }: Trainable) =>
  [...variables].map(([name, one]) => [name, [...one.dataSync()]] as const);

/** Trains a small network; `seen` gets its weights after each epoch. */
function trained(
  own: Partial<TrainingOptions>,
  seen: (position: Position, now: Trainable) => void = () => {},
) {
  const learner = trainable(zooNetwork('cnn-2'), 1);
  const all = { ...options, ...own };
  const optimiser = new Nesterov(learner, all);
  const log = train({
    id: 'tiny',
    seed: 1,
    trainable: learner,
    optimiser,
    objective: labelsAlone(learner.network.output),
    data,
    options: all,
    kernels: trainingKernels('tfjs-wasm'),
    from: START,
    best: all.patience === undefined ? undefined : new BestWeights(learner),
    average: all.averaged === undefined ? undefined : new AverageWeights(learner),
    onStep: (position) => seen(position, learner),
  });
  return { log, learner, optimiser };
}

describe('a training', () => {
  it('learns: the loss falls, and digits that it did not see are told apart', () => {
    const { log } = trained({ schedule: { kind: 'oneCycle', peak: 0.5, warmUp: 0.2 }, epochs: 12 });
    expect(log.at(-1)!.loss).toBeLessThan((log[0]!.loss * 2) / 3);
    expect(log.at(-1)!.validation).toBeGreaterThan(0.3);
  });

  it('on swapped rectangles learns too, and a probability of zero changes nothing', () => {
    const swapping = { flip: false, shift: 0, cutMix: 1 };
    const firstLoss = (own: Partial<TrainingOptions>) => trained({ epochs: 1, ...own }).log[0]!.loss;
    const [plain, swapped] = [firstLoss({}), firstLoss({ augmentation: swapping })];
    expect(swapped).not.toBe(plain);
    // A probability of zero is as if it were left out, to the bit.
    expect(firstLoss({ augmentation: { ...swapping, cutMix: 0 } })).toBe(plain);
    const schedule = { kind: 'oneCycle', peak: 0.5, warmUp: 0.2 } as const;
    const { log } = trained({ schedule, epochs: 24, augmentation: swapping });
    expect(log.at(-1)!.validation).toBeGreaterThan(0.3);
  });

  it('ends with the mean of the weights after its last epochs, and with statistics of that mean', () => {
    const epochs: Map<string, readonly number[]>[] = [];
    const run = (own: Partial<TrainingOptions>) =>
      trained({ epochs: 4, ...own }, (position, now) => {
        if (position.step === 0) epochs.push(new Map(numbersOf(now)));
      });
    const { learner, log } = run({ averaged: 3 });
    expect(epochs.length).toBe(4);
    const last = epochs.slice(-3);
    for (const [name, found] of numbersOf(learner)) {
      const isStatistic = /moving/.test(name);
      const mean = found.map((_, at) => last.reduce((sum, epoch) => sum + epoch.get(name)![at]!, 0) / 3);
      const farthest = Math.max(...found.map((value, at) => Math.abs(value - mean[at]!)));
      if (isStatistic) expect(farthest, name).toBeGreaterThan(0);
      else expect(farthest, name).toBeLessThan(1e-6);
    }
    // Until its end it is the same training.
    expect(log.map(({ loss }) => loss)).toEqual(run({}).log.map(({ loss }) => loss));
  });

  it('ends when the validation has not been better for as long as its patience, with the best weights', () => {
    const epochs: (readonly (readonly [string, readonly number[]])[])[] = [];
    // After the second epoch the rate is so high that what was learned is lost.
    const schedule = { kind: 'step', peak: 0.1, at: [2 / 9], factor: 300 } as const;
    const { log, learner } = trained({ patience: 2, epochs: 9, schedule }, (position, now) => {
      if (position.step === 0) epochs.push(numbersOf(now));
    });
    const best = bestEpoch(log);
    expect(log.length).toBe(best + 3);
    expect(log.length).toBeLessThan(9);
    expect(numbersOf(learner)).toEqual(epochs[best]);
  });

  it('refuses patience without validation images', () => {
    const all = data;
    data = { ...all, validation: null };
    try {
      expect(() => trained({ patience: 2 })).toThrow(
        'training tiny: found no validation images, expected some: patience waits for a better validation',
      );
    } finally {
      data = all;
    }
  });

  it('refuses to go on with a loss that is no number', () => {
    expect(() => trained({ schedule: { kind: 'step', peak: 1e20, at: [], factor: 1 }, epochs: 3 })).toThrow(
      /^training tiny: found a loss of (NaN|Infinity) in step \d+ of epoch 1, expected a number/,
    );
  });

  it('holds as many tensors after each step', () => {
    const counts = new Set<number>();
    const { learner, optimiser } = trained({ epochs: 1 }, (position) => {
      if (position.step > 0) counts.add(tf.memory().numTensors);
    });
    expect(counts.size).toBe(1);
    optimiser.dispose();
    disposeTrainable(learner);
  });
});
