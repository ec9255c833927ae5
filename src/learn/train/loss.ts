import * as tf from '@tensorflow/tfjs-core';

/**
 * Cross-entropy between labels and logits, mean over the batch.
 * @param logits `[batch, classes]` @param targets `[batch, classes]`, rows that sum to one: see `smoothed`
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const [batch] = logits.shape;
  return tf.div(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)))), batch);
}

/** Targets of labels: the class has 1 - smoothing, which all classes share evenly (Szegedy et al. 2016, section 7). */
export function smoothed(labels: Uint8Array, classes: number, smoothing: number): tf.Tensor2D {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (const [index, label] of labels.entries()) targets[index * classes + label]! += 1 - smoothing;
  return tf.tensor2d(targets, [labels.length, classes]);
}

/**
 * Targets of a batch whose images have parts of each other: image i of b has its share of the targets of image b - 1 - i.
 * @param targets `[batch, classes]` @param shares `[batch]`, or nothing where no image is mixed
 */
export function mixed(targets: tf.Tensor2D, shares: Float32Array | null): tf.Tensor2D {
  if (shares === null) return targets;
  const others = tf.reverse(targets, 0);
  return tf.add(targets, tf.mul(tf.sub(others, targets), tf.tensor2d(shares, [shares.length, 1])));
}

/**
 * T² KL(softmax(teacher / T) || softmax(student / T)), mean over the batch (Hinton, Vinyals and Dean 2015): T² keeps the
 * gradients as large as those of the labels.
 * @param student `[batch, classes]` logits @param teacher `[batch, classes]` logits, without gradient
 */
export function softTargets(student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Scalar {
  const [batch] = student.shape;
  const soft = tf.softmax(tf.div(teacher, temperature));
  const logSoft = tf.logSoftmax(tf.div(teacher, temperature));
  const difference = tf.sub(logSoft, tf.logSoftmax(tf.div(student, temperature)));
  return tf.mul(tf.sum(tf.mul(soft, difference)), temperature ** 2 / batch);
}

/**
 * mean((F_s / ||F_s|| - F_t / ||F_t||)²) over images and filters, each image's features by their own length: what NoNN's students
 * learn of their filters (Bhardwaj et al., CODES+ISSS 2019).
 * @param student `[batch, filters]` @param teacher `[batch, filters]`, in the same order of filters, without gradient
 */
export function featureDistance(student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.square(tf.sub(unit(student), unit(teacher))));
}

/**
 * Distance of attention maps (Zagoruyko and Komodakis, "Paying More Attention to Attention", ICLR 2017): the mean over channels
 * of squared activations, brought to length one an image; mean of the squared differences over images and pixels.
 * @param student `[batch, height, width, channels]` @param teacher `[batch, height, width, other channels]`
 */
export function attentionDistance(student: tf.Tensor4D, teacher: tf.Tensor4D): tf.Scalar {
  return featureDistance(attention(student), attention(teacher));
}

function attention(map: tf.Tensor4D): tf.Tensor2D {
  const [batch] = map.shape;
  return tf.reshape(tf.mean(tf.square(map), 3), [batch, -1]);
}

/** Lengths below this count as this, as in PyTorch's `normalize`: an image whose features are all zero stays at zero. */
const LEAST_LENGTH = 1e-12;

function unit(rows: tf.Tensor2D): tf.Tensor2D {
  const squares = tf.sum(tf.square(rows), 1, true);
  return tf.div(rows, tf.sqrt(tf.maximum(squares, LEAST_LENGTH ** 2)));
}
