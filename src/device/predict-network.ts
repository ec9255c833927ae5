import { foldedWeightBytes, type Kernel, lowerWhole, peakMemory } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import type { Cost } from './cost.js';
import { kernelCost, sumOfCosts } from './latency.js';
import type { DeviceProfile } from './profile.js';
import { figureOf } from './sourced.js';

/** What one inference of an undivided network takes on one device. Seconds, joules, bytes. */
export interface NetworkPrediction {
  readonly latency: number;
  readonly low: number;
  readonly high: number;
  /** Of the whole board while it computes; null where the profile does not know its power. */
  readonly energy: number | null;
  /** Path of the figure that is missing for the energy. */
  readonly missing?: string;
  /** Weights with the runtime's copies, live activations, and the runtime itself where that is known. */
  readonly peakMemory: number;
  readonly runtimeBaseCounted: boolean;
  /** Share of the latency that comes from outside the sampled range. */
  readonly extrapolated: number;
  readonly layers: readonly LayerPrediction[];
}

/** One kernel, under the name of the last layer that it computes. */
export interface LayerPrediction {
  readonly name: string;
  readonly kernel: string;
  readonly latency: number;
  readonly extrapolated: boolean;
}

/**
 * Predicts a network on a device with so many threads.
 * @throws NonnError if the profile has no such number of threads.
 */
export function predictNetwork(profile: DeviceProfile, threads: number, network: Network): NetworkPrediction {
  const costs = lowerWhole(network).kernels.map((kernel) => ({
    kernel,
    cost: kernelCost(profile, threads, kernel),
  }));
  const { seconds, low, high } = sumOfCosts(costs.map(({ cost }) => cost));
  const outside = costs.reduce((sum, { cost }) => sum + (isOutside(cost) ? cost.seconds : 0), 0);
  const power = figureOf(profile.energy.compute[String(threads)]);
  const base = figureOf(profile.memory.runtimeBase);
  return {
    latency: seconds,
    low,
    high,
    energy: power === null ? null : power * seconds,
    ...(power === null ? { missing: `energy.compute.${threads}` } : {}),
    peakMemory:
      foldedWeightBytes(network) * (figureOf(profile.memory.weightCopies) ?? 1) +
      peakMemory(network).bytes +
      (base ?? 0),
    runtimeBaseCounted: base !== null,
    extrapolated: seconds > 0 ? outside / seconds : 0,
    layers: costs.map(({ kernel, cost }) => layerOf(kernel, cost)),
  };
}

function layerOf({ layers, key }: Kernel, cost: Cost): LayerPrediction {
  return { name: layers.at(-1)!, kernel: key, latency: cost.seconds, extrapolated: isOutside(cost) };
}

function isOutside({ source }: Cost): boolean {
  return source === 'extrapolated';
}
