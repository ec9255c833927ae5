import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { distillation, type LossTerms, smoothed, trainable } from '../../../src/learn/train/index.js';
import { zooNetwork } from '../../../src/network/index.js';
import { openBackend } from '../../../src/runtime/index.js';

beforeAll(async () => {
  await openBackend('tfjs-cpu');
});

/** One image of class 1: logits of student and teacher, features (3, 4) and (1, 0), maps with units (1, 0) and (0, 1). */
function lossOf(terms: LossTerms): number {
  const teacher = trainable(zooNetwork('cnn-1'), 1);
  const objective = distillation(
    { logits: 'logits', features: 'features', attention: ['map'] },
    { teacher, logits: 'logits', features: { layer: 'features', order: [0, 1] }, attention: ['map'] },
    terms,
  );
  const image = (numbers: number[]) => tf.tensor4d(numbers, [1, 1, 1, numbers.length]);
  const map = (numbers: number[]) => tf.tensor4d(numbers, [1, 1, 2, 1]);
  const student: Record<string, tf.Tensor4D> = {
    logits: image([0, 0]),
    features: image([3, 4]),
    map: map([2, 0]),
  };
  const outputs = objective.wanted.map((layer) => student[layer]!);
  const taught: tf.Tensor[] = [image([2 * Math.log(3), 0])];
  if (terms.features !== undefined) taught.push(tf.tensor2d([1, 0], [1, 2]));
  if (terms.attention !== undefined) taught.push(map([0, 3]));
  return objective.loss(outputs, smoothed(Uint8Array.of(1), 2, 0), taught).dataSync()[0]!;
}

// Student (1/2, 1/2); teacher at temperature 2 (3/4, 1/4).
const crossEntropy = Math.log(2);
const divergence = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
// Units (0.6, 0.8) and (1, 0), mean over two filters.
const features = (0.4 ** 2 + 0.8 ** 2) / 2;

describe('the loss of a NoNN, worked out by hand', () => {
  it('is (1 - alpha) cross-entropy + 2 alpha T² KL + beta times the distance of the features', () => {
    const loss = lossOf({ soft: { alpha: 0.9, temperature: 2 }, features: { beta: 10 } });
    expect(loss).toBeCloseTo(0.1 * crossEntropy + 2 * 0.9 * 4 * divergence + 10 * features, 5);
  });

  it('has no term that is switched off', () => {
    expect(lossOf({})).toBeCloseTo(crossEntropy, 5);
    expect(lossOf({ features: { beta: 10 } })).toBeCloseTo(crossEntropy + 10 * features, 5);
    expect(lossOf({ soft: { alpha: 1, temperature: 2 } })).toBeCloseTo(2 * 4 * divergence, 5);
  });

  it('has half of beta times the distance of attention maps', () => {
    // Maps (1, 0) and (0, 1): mean over two pixels of (1 + 1).
    expect(lossOf({ attention: { beta: 6 } })).toBeCloseTo(crossEntropy + 3, 5);
  });
});
