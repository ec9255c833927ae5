import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import { lowerWhole } from '../kernel/index.js';
import type { Id, Network } from '../network/index.js';
import { type Backend, use } from './backend.js';
import { LoadedNetwork } from './loaded-network.js';
import { runLowered } from './run-lowered.js';
import { drawnWeights, type Weights } from './weights.js';

/** An undivided network that is ready to run again and again. */
export interface WholeNetwork {
  /**
   * @param input numbers `[batch, height, width, channels]`, in the order of memory.
   * @param batch images that are computed at once (1).
   * @returns the output's numbers, image by image.
   */
  run(input: Float32Array, batch?: number): Float32Array;
  dispose(): void;
}

/** Lowers an undivided network; its weights, given or drawn from the seed, are uploaded when it first runs. */
export function prepareWhole(
  network: Network,
  options: { seed: number; backend: Backend; weights?: Weights },
): WholeNetwork {
  const lowered = lowerWhole(network);
  const loaded = new LoadedNetwork(network, options.weights ?? drawnWeights(options.seed));
  const shape = network.shapes.get(onlyInput(network))!;
  return {
    run(input, batch = 1) {
      use(options.backend);
      checkLength(network, input, batch);
      const map = tf.tensor4d(input, [batch, ...shape]);
      const [output] = runLowered(lowered, [map], loaded, undefined, 'free');
      // Not inside a tidy: that looks through all it returns for tensors, number by number.
      const numbers = output!.dataSync() as Float32Array;
      output!.dispose();
      // An output that is the input, or an input that nothing reads.
      if (!map.isDisposed) map.dispose();
      return numbers;
    },
    dispose: () => loaded.dispose(),
  };
}

/**
 * Runs an undivided network once, on `batch` images (1): what every plan's output is compared with.
 * @throws NonnError if the input has not as many numbers as the network reads.
 */
export function executeWhole(
  network: Network,
  input: Float32Array,
  options: { seed: number; backend: Backend; batch?: number },
): Float32Array {
  const whole = prepareWhole(network, options);
  try {
    return whole.run(input, options.batch);
  } finally {
    whole.dispose();
  }
}

/** The name of a network's one input. */
export function onlyInput(network: Network): Id {
  if (network.inputs.length !== 1)
    throw new NonnError(`network ${network.id}: found ${network.inputs.length} inputs, expected one`);
  return network.inputs[0]!;
}

/** @throws NonnError if the input has not as many numbers as the network reads. */
export function checkLength(network: Network, input: Float32Array, batch = 1): void {
  const shape = network.shapes.get(onlyInput(network))!;
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new NonnError(`batch: found ${batch}, expected a whole number of images from 1`);
  const sizes = batch === 1 ? shape : [batch, ...shape];
  if (input.length !== sizes.reduce((product, size) => product * size, 1))
    throw new NonnError(
      `network ${network.id}: found an input of ${input.length} numbers, expected ${sizes.join('x')}`,
    );
}
