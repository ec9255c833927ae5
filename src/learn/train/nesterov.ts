import * as tf from '@tensorflow/tfjs-core';
import { type Trainable, trainedNames } from './trainable.js';

export interface NesterovOptions {
  readonly momentum: number;
  /** Pulls kernels towards zero, as a gradient of half its product with their square; biases and scales are free. */
  readonly weightDecay: number;
}

/**
 * Stochastic gradient descent with Nesterov's momentum (Sutskever et al. 2013, in the form of PyTorch):
 * v = momentum v + g, weight -= rate (g + momentum v), where g has the weight decay in it.
 */
export class Nesterov {
  readonly #trainable: Trainable;
  readonly #options: NesterovOptions;
  readonly velocities: ReadonlyMap<string, tf.Variable>;

  constructor(trainable: Trainable, options: NesterovOptions) {
    this.#trainable = trainable;
    this.#options = options;
    this.velocities = new Map(
      trainedNames(trainable).map((name) => {
        const zeros = tf.zeros(trainable.variables.get(name)!.shape);
        const velocity = tf.variable(zeros, false);
        zeros.dispose();
        return [name, velocity];
      }),
    );
  }

  /** Moves the weights. @param gradients by the names of the variables; what has none stays. */
  step(gradients: ReadonlyMap<string, tf.Tensor>, rate: number): void {
    const { momentum, weightDecay } = this.#options;
    tf.tidy(() => {
      for (const [name, velocity] of this.velocities) {
        const gradient = gradients.get(name);
        if (gradient === undefined) continue;
        const weight = this.#trainable.variables.get(name)!;
        const decays = weightDecay > 0 && name.endsWith('/kernel');
        const g = decays ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient;
        velocity.assign(tf.add(tf.mul(velocity, momentum), g));
        weight.assign(tf.sub(weight, tf.mul(tf.add(g, tf.mul(velocity, momentum)), rate)));
      }
    });
  }

  dispose(): void {
    for (const velocity of this.velocities.values()) velocity.dispose();
  }
}
