import * as tf from '@tensorflow/tfjs-core';
import type { Id } from '../../network/index.js';
import { forward } from './forward.js';
import { attentionDistance, crossEntropy, featureDistance, softTargets } from './loss.js';
import type { Trainable } from './trainable.js';

/** Terms of the loss; a term that is left out is not computed. */
export interface LossTerms {
  /** Weight of the soft targets, `alpha`; the labels have 1 - alpha. Its source counts the soft targets twice. */
  readonly soft?: { readonly alpha: number; readonly temperature: number } | undefined;
  /** Weight of the distance of features, `beta`. */
  readonly features?: { readonly beta: number } | undefined;
  /** Weight of the distance of attention maps, half of `beta`, for each pair of maps. */
  readonly attention?: { readonly beta: number } | undefined;
}

/** Who is learned from, and what is compared. */
export interface Teaching {
  readonly teacher: Trainable;
  readonly logits: Id;
  /** The teacher's features `[batch, 1, 1, filters]` and which of them the student's are, in its order. */
  readonly features?: { readonly layer: Id; readonly order: readonly number[] } | undefined;
  readonly attention?: readonly Id[] | undefined;
}

/** What is compared of the network that learns. */
export interface Learning {
  readonly logits: Id;
  readonly features?: Id | undefined;
  readonly attention?: readonly Id[] | undefined;
}

/** A loss over a batch, in two steps: what needs no gradient first. */
export interface Objective {
  /** Layers of the learning network that the loss reads; the logits come first. */
  readonly wanted: readonly Id[];
  /** @param outputs of `wanted`. @param taught what `teach` gave. */
  loss(outputs: readonly tf.Tensor4D[], targets: tf.Tensor2D, taught: readonly tf.Tensor[]): tf.Scalar;
  /** Runs the teacher on a batch; the tensors belong to the caller. */
  teach(images: tf.Tensor4D): readonly tf.Tensor[];
}

/** Cross-entropy with the labels alone. */
export function labelsAlone(logits: Id): Objective {
  return {
    wanted: [logits],
    loss: ([output], targets) => crossEntropy(flat(output!), targets),
    teach: () => [],
  };
}

/**
 * The loss of NoNN (Bhardwaj et al., CODES+ISSS 2019, as in the authors' code):
 * 2 alpha T² KL(teacher / T, student / T) + (1 - alpha) cross-entropy + beta mean((F_s / ||F_s|| - F_t / ||F_t||)²), and of
 * attention transfer beta / 2 times the distance of each pair of maps. Each term stands alone as well.
 */
export function distillation(learning: Learning, teaching: Teaching, terms: LossTerms): Objective {
  const { soft, features, attention } = terms;
  const usesFeatures = features !== undefined && teaching.features !== undefined;
  const maps = attention === undefined ? [] : (teaching.attention ?? []);
  const wanted = [
    learning.logits,
    ...(usesFeatures ? [learning.features!] : []),
    ...(attention === undefined ? [] : (learning.attention ?? [])),
  ];
  const asked = [teaching.logits, ...(usesFeatures ? [teaching.features!.layer] : []), ...maps];
  const order = usesFeatures ? Int32Array.from(teaching.features!.order) : undefined;
  return {
    wanted,
    teach: (images) =>
      tf.tidy(() => {
        const outputs = forward(teaching.teacher, images, asked, { training: false });
        return outputs.map((output, index) =>
          usesFeatures && index === 1 ? tf.gather(flat(output), tf.tensor1d(order!, 'int32'), 1) : output,
        );
      }),
    loss(outputs, targets, taught) {
      const logits = flat(outputs[0]!);
      let total = tf.mul(crossEntropy(logits, targets), 1 - (soft?.alpha ?? 0)) as tf.Scalar;
      if (soft !== undefined && soft.alpha > 0) {
        const distance = softTargets(logits, flat(taught[0] as tf.Tensor4D), soft.temperature);
        total = tf.add(total, tf.mul(distance, 2 * soft.alpha));
      }
      if (usesFeatures) {
        const distance = featureDistance(flat(outputs[1]!), taught[1] as tf.Tensor2D);
        total = tf.add(total, tf.mul(distance, features.beta));
      }
      const from = usesFeatures ? 2 : 1;
      for (let index = from; index < outputs.length; index++) {
        const distance = attentionDistance(outputs[index]!, taught[index] as tf.Tensor4D);
        total = tf.add(total, tf.mul(distance, attention!.beta / 2));
      }
      return total;
    },
  };
}

function flat(map: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(map, [map.shape[0], -1]);
}
