import * as tf from '@tensorflow/tfjs-core';
import type { Id } from '../../network/index.js';
import { countOf, fillBatch, type ImageSet } from '../data/index.js';
import { forward } from './forward.js';
import type { Trainable } from './trainable.js';

/** Images a batch while nothing is learned. */
const BATCH = 250;

/**
 * Outputs of a layer for every image of a set, without augmentation.
 * @returns `[images, ...]`, flat
 */
export function outputsOf(trainable: Trainable, set: ImageSet, layer: Id): Float32Array {
  const count = countOf(set);
  const width = trainable.network.shapes.get(layer)!.reduce((product, size) => product * size, 1);
  const outputs = new Float32Array(count * width);
  const [height, columns, channels] = set.shape;
  for (let from = 0; from < count; from += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
    const numbers = new Float32Array(indexes.length * height * columns * channels);
    fillBatch(numbers, set, indexes);
    tf.tidy(() => {
      const images = tf.tensor4d(numbers, [indexes.length, height, columns, channels]);
      const [output] = forward(trainable, images, [layer], { training: false });
      outputs.set(output!.dataSync() as Float32Array, from * width);
    });
  }
  return outputs;
}

/** The class of the largest output for every image: `[images]`. */
export function predictedClasses(trainable: Trainable, set: ImageSet): Uint8Array {
  const outputs = outputsOf(trainable, set, trainable.network.output);
  const classes = outputs.length / countOf(set);
  return Uint8Array.from({ length: countOf(set) }, (_, image) => {
    const row = outputs.subarray(image * classes, (image + 1) * classes);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
  });
}

/** Share of images whose class was predicted. */
export function accuracyOf(predicted: Uint8Array, labels: Uint8Array): number {
  return (
    predicted.reduce((right, label, index) => right + (label === labels[index] ? 1 : 0), 0) / labels.length
  );
}
