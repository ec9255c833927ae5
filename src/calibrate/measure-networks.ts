import { randomStream } from '../foundation/index.js';
import { foldedWeightBytes, type Kernel, lowerWhole } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import {
  type Backend,
  drawnWeights,
  type LayerWeights,
  least,
  prepareWhole,
  timeInterleaved,
  type Weights,
} from '../runtime/index.js';
import { randomNetwork } from './random-network.js';

/** A visit to a whole random network, run from numbers in to numbers out. */
export interface NetworkSample {
  /** Which one, of those that the seed gives. */
  readonly index: number;
  /** Least seconds of an inference. */
  readonly seconds: number;
  /** Seconds of the first inference, with weights brought in. */
  readonly cold: number;
}

/** As long as a validation's visit: what V8 has not compiled yet takes a tenth longer. */
const rounds = { most: 100, least: 3, seconds: 0.25 };

/** The random network of an index: its kernels, in order, and the bytes of its weights. */
export function sampledNetwork(
  seed: number,
  index: number,
): { readonly network: Network; readonly kernels: readonly Kernel[]; readonly weightBytes: number } {
  const network = randomNetwork(randomStream(seed, `calibrate/network/${index}`), `sample-${index}`);
  return { network, kernels: lowerWhole(network).kernels, weightBytes: foldedWeightBytes(network) };
}

/** Runs a whole network for a while, so that what an inference takes beside its kernels becomes known. */
export function visitNetwork(seed: number, index: number, backend: Backend): NetworkSample {
  const { network } = sampledNetwork(seed, index);
  const shape = network.shapes.get(network.inputs[0]!)!;
  const input = new Float32Array(shape[0] * shape[1] * shape[2]).fill(0.5);
  const whole = prepareWhole(network, { seed, backend, weights: inMemory(network, seed) });
  try {
    const begun = performance.now();
    whole.run(input);
    const cold = (performance.now() - begun) / 1000;
    return { index, seconds: least(timeInterleaved([{ run: () => whole.run(input) }], rounds)[0]!), cold };
  } finally {
    whole.dispose();
  }
}

/** Weights that stand in memory before the first inference, which must not wait for them to be drawn. */
function inMemory(network: Network, seed: number): Weights {
  const draw = drawnWeights(seed);
  const drawn = new Map<string, LayerWeights>();
  for (const layer of network.layers) drawn.set(layer.id, draw(network, layer));
  return (_, layer) => drawn.get(layer.id)!;
}
