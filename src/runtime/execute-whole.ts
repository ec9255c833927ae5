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
  /** @param input numbers `[height, width, channels]`, in the order of memory. @returns the output's numbers. */
  run(input: Float32Array): Float32Array;
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
    run(input) {
      use(options.backend);
      checkLength(network, input);
      const map = tf.tensor4d(input, [1, ...shape]);
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
 * Runs an undivided network once: what every plan's output is compared with.
 * @throws NonnError if the input has not as many numbers as the network reads.
 */
export function executeWhole(
  network: Network,
  input: Float32Array,
  options: { seed: number; backend: Backend },
): Float32Array {
  const whole = prepareWhole(network, options);
  try {
    return whole.run(input);
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
export function checkLength(network: Network, input: Float32Array): void {
  const shape = network.shapes.get(onlyInput(network))!;
  const length = shape.reduce((product, size) => product * size, 1);
  if (input.length !== length)
    throw new NonnError(
      `network ${network.id}: found an input of ${input.length} numbers, expected ${shape.join('x')}`,
    );
}
