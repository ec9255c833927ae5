import * as tf from '@tensorflow/tfjs-core';
import type { Trainable } from './trainable.js';

/** The weights of the epoch that was best on the validation images, beside those that go on learning. */
export class BestWeights {
  readonly #trainable: Trainable;
  /** By the names of the network's own. */
  readonly kept: ReadonlyMap<string, tf.Variable>;

  constructor(trainable: Trainable) {
    this.#trainable = trainable;
    this.kept = new Map([...trainable.variables].map(([name, one]) => [name, tf.variable(one, false)]));
  }

  /** Takes the weights as they are now. */
  keep(): void {
    for (const [name, kept] of this.kept) kept.assign(this.#trainable.variables.get(name)!);
  }

  /** Gives the network the weights that were kept. */
  restore(): void {
    for (const [name, kept] of this.kept) this.#trainable.variables.get(name)!.assign(kept);
  }

  dispose(): void {
    for (const kept of this.kept.values()) kept.dispose();
  }
}
