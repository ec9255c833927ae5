import * as tf from '@tensorflow/tfjs-core';
import { type Trainable, trainedNames } from './trainable.js';

/**
 * The mean of the weights that a network had after its last epochs (stochastic weight averaging, Izmailov et al. 2018). The
 * statistics of normalisations are not averaged: those of the mean weights have to be taken from batches anew.
 */
export class AverageWeights {
  readonly #trainable: Trainable;
  /** By the names of the network's own. */
  readonly kept: ReadonlyMap<string, tf.Variable>;

  constructor(trainable: Trainable) {
    this.#trainable = trainable;
    this.kept = new Map(
      trainedNames(trainable).map((name) => [name, tf.variable(trainable.variables.get(name)!, false)]),
    );
  }

  /** Takes in the weights as they are now. @param taken how many are in the mean already. */
  take(taken: number): void {
    tf.tidy(() => {
      for (const [name, kept] of this.kept) {
        const now = this.#trainable.variables.get(name)!;
        kept.assign(tf.add(kept, tf.div(tf.sub(now, kept), taken + 1)));
      }
    });
  }

  /** Gives the network the mean. */
  restore(): void {
    for (const [name, kept] of this.kept) this.#trainable.variables.get(name)!.assign(kept);
  }

  dispose(): void {
    for (const kept of this.kept.values()) kept.dispose();
  }
}
