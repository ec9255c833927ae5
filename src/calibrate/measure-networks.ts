import { movedBytes } from '../device/index.js';
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

/** A random network, its kernels in order, and the bytes of its weights. */
export interface SampledNetwork {
  readonly network: Network;
  readonly kernels: readonly Kernel[];
  readonly weightBytes: number;
}

/** One in so many visited networks is large and has large weights, so that it tells how fast those come from memory again. */
const LARGE_EACH = 3;
/** Bytes that large ones move, from those of a small cache to those of a large one. */
const LARGE_BYTES = { least: 4e6, most: 24e6 };
/** How far the bytes of one may be from those that it stands for. */
const NEAR_ENOUGH = 1.2;
/** Of the moved bytes, and multiply-adds that take no longer than a visit has time for. */
const LARGE_WEIGHTS_SHARE = 0.3;
const MOST_MACS = 4e8;

/** The random network of an index. */
export function sampledNetwork(seed: number, index: number): SampledNetwork {
  const network = randomNetwork(randomStream(seed, `calibrate/network/${index}`), `sample-${index}`);
  return { network, kernels: lowerWhole(network).kernels, weightBytes: foldedWeightBytes(network) };
}

/** The network of an index that is run whole, by itself: one in three moves more bytes than most. */
export function visitedNetwork(seed: number, index: number): SampledNetwork {
  if (index % LARGE_EACH !== LARGE_EACH - 1) return sampledNetwork(seed, index);
  const key = `${seed} ${index}`;
  const known = larges.get(key) ?? largeNetwork(seed, index);
  larges.set(key, known);
  return known;
}

/** They take some hundred draws each. */
const larges = new Map<string, SampledNetwork>();

function largeNetwork(seed: number, index: number): SampledNetwork {
  const stream = randomStream(seed, `calibrate/large-network/${index}`);
  const { least: low, most: high } = LARGE_BYTES;
  // Multiples of the golden ratio: however few are visited, they are spread over the whole range.
  const wanted = low * (high / low) ** ((Math.floor(index / LARGE_EACH) * GOLDEN_RATIO) % 1);
  for (;;) {
    const network = randomNetwork(stream, `sample-${index}`);
    const weightBytes = foldedWeightBytes(network);
    if (weightBytes < (LARGE_WEIGHTS_SHARE * wanted) / NEAR_ENOUGH) continue;
    const { kernels } = lowerWhole(network);
    const moved = movedBytes(kernels);
    const isNear = moved > wanted / NEAR_ENOUGH && moved < wanted * NEAR_ENOUGH;
    const macs = kernels.reduce((sum, kernel) => sum + kernel.macs, 0);
    if (isNear && macs <= MOST_MACS) return { network, kernels, weightBytes };
  }
}

const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** Runs a whole network for a while, so that what an inference takes beside its kernels becomes known. */
export function visitNetwork(seed: number, index: number, backend: Backend): NetworkSample {
  const { network } = visitedNetwork(seed, index);
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
  const weightsOf = drawnWeights(seed);
  const drawn = new Map<string, LayerWeights>();
  for (const layer of network.layers) drawn.set(layer.id, weightsOf(network, layer));
  return (_, layer) => drawn.get(layer.id)!;
}
