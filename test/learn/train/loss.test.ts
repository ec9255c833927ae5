import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  attentionDistance,
  crossEntropy,
  featureDistance,
  mixed,
  smoothed,
  softTargets,
} from '../../../src/learn/train/index.js';
import { openBackend } from '../../../src/runtime/index.js';

beforeAll(async () => {
  await openBackend('tfjs-cpu');
});

const numberOf = (scalar: tf.Scalar) => scalar.dataSync()[0]!;

describe('terms of the loss, worked out by hand', () => {
  it('cross-entropy of two images: the mean of -log p of the right class', () => {
    // softmax of (ln 1, ln 3) is (1/4, 3/4), of (0, 0) it is (1/2, 1/2).
    const logits = tf.tensor2d([0, Math.log(3), 0, 0], [2, 2]);
    const loss = crossEntropy(logits, smoothed(Uint8Array.of(1, 0), 2, 0));
    expect(numberOf(loss)).toBeCloseTo((Math.log(4 / 3) + Math.log(2)) / 2, 6);
  });

  it('label smoothing takes its share of the class and gives it to all classes evenly', () => {
    expect([...smoothed(Uint8Array.of(2), 4, 0.2).dataSync()].map((x) => Number(x.toFixed(6)))).toEqual([
      0.05, 0.05, 0.85, 0.05,
    ]);
  });

  it('mixed targets: an image has its share of those of the image as far from the other end', () => {
    const targets = smoothed(Uint8Array.of(0, 1, 1), 2, 0);
    // 3/4 (1, 0) + 1/4 (0, 1); its own partner; 3/4 (0, 1) + 1/4 (1, 0).
    const shares = Float32Array.of(0.25, 0, 0.25);
    expect([...mixed(targets, shares).dataSync()]).toEqual([0.75, 0.25, 0, 1, 0.25, 0.75]);
    expect(mixed(targets, null)).toBe(targets);
  });

  it('soft targets: T² sum p log(p / q), with p and q at temperature T', () => {
    // At T = 2 the teacher's (2 ln 3, 0) is (3/4, 1/4) and the student's (0, 0) is (1/2, 1/2).
    const teacher = tf.tensor2d([2 * Math.log(3), 0], [1, 2]);
    const student = tf.tensor2d([0, 0], [1, 2]);
    const divergence = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
    expect(numberOf(softTargets(student, teacher, 2))).toBeCloseTo(4 * divergence, 6);
  });

  it('features: mean over the filters of the squared difference of unit vectors', () => {
    // (3, 4) / 5 and (1, 0): ((0.6 - 1)² + 0.8²) / 2
    const distance = featureDistance(tf.tensor2d([3, 4], [1, 2]), tf.tensor2d([1, 0], [1, 2]));
    expect(numberOf(distance)).toBeCloseTo((0.16 + 0.64) / 2, 6);
  });

  it('attention: maps of mean squares, brought to length one', () => {
    // Pixels (1, 1), (0, 0) give squares 1, 0; pixels (0), (2) give 0, 4: unit vectors (1, 0) and (0, 1).
    const student = tf.tensor4d([1, 1, 0, 0], [1, 1, 2, 2]);
    const teacher = tf.tensor4d([0, 2], [1, 1, 2, 1]);
    expect(numberOf(attentionDistance(student, teacher))).toBeCloseTo(1, 6);
  });
});
