import {
  activationPeak,
  FLOAT_BYTES,
  foldedWeightBytes,
  type Kernel,
  lowerWhole,
  peakMemory,
  type TfjsRuntime,
} from '../kernel/index.js';
import type { Network } from '../network/index.js';
import type { Cost } from './cost.js';
import { kernelsCost } from './latency.js';
import type { DeviceProfile } from './profile.js';
import { movedBytes } from './refill.js';
import { networkMemory, residentMemory } from './resident-memory.js';
import { figureOf } from './sourced.js';

/** What one inference of an undivided network takes on one device. Seconds, joules, bytes. */
export interface NetworkPrediction {
  readonly latency: number;
  readonly low: number;
  readonly high: number;
  /** Of the first inference of a process, which brings the weights in; only where the profile knows it. */
  readonly firstInference?: number;
  /** Of the whole board while it computes; null where the profile does not know its power. */
  readonly energy: number | null;
  /** Path of the figure that is missing for the energy. */
  readonly missing?: string;
  /** Bytes of all weights, batch normalisation folded, and of the activations that live at once, in kernels too. */
  readonly tensorMemory: number;
  /** Of the process: weights with the runtime's copies, live activations, and the runtime itself where that is known. */
  readonly peakMemory: number;
  readonly runtimeBaseCounted: boolean;
  /** Only of a microcontroller: what the network needs of each memory (together the peak), and what there is. */
  readonly flash?: MemoryNeed;
  readonly sram?: MemoryNeed;
  /** What the profile's power was derived from, where it is no reading of a meter. */
  readonly energyBasis?: string;
  /** Share of the latency that comes from outside the sampled range. */
  readonly extrapolated: number;
  readonly layers: readonly LayerPrediction[];
}

/** Bytes of a memory that a network needs, and how many a program may use; null where that is unknown. */
export interface MemoryNeed {
  readonly bytes: number;
  readonly available: number | null;
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
  const { kernels } = lowerWhole(network);
  const moved = movedBytes(kernels);
  const costs = kernels.map((kernel) => ({
    kernel,
    cost: kernelsCost(profile, threads, [kernel], moved),
  }));
  const beside = profile.latency.inference?.[String(threads)];
  const inference = figureOf(beside?.perInference) ?? 0;
  const sumOf = (end: (cost: Cost) => number) => costs.reduce((sum, { cost }) => sum + end(cost), inference);
  const seconds = sumOf((cost) => cost.seconds);
  const outside = costs.reduce((sum, { cost }) => sum + (isOutside(cost) ? cost.seconds : 0), 0);
  const cold = beside?.cold;
  const power = figureOf(profile.energy.compute[String(threads)]);
  return {
    latency: seconds,
    low: sumOf((cost) => cost.low),
    high: sumOf((cost) => cost.high),
    ...(cold === undefined
      ? {}
      : {
          firstInference:
            seconds +
            costs.length * (figureOf(cold.perKernel) ?? 0) +
            foldedWeightBytes(network) * (figureOf(cold.perWeightByte) ?? 0),
        }),
    energy: power === null ? null : power * seconds,
    ...(power === null ? { missing: `energy.compute.${threads}` } : {}),
    ...(profile.energy.basis === undefined ? {} : { energyBasis: profile.energy.basis }),
    ...memoryOf(profile, network),
    extrapolated: seconds > 0 ? outside / seconds : 0,
    layers: costs.map(({ kernel, cost }) => layerOf(kernel, cost)),
  };
}

/** What is kept of a network; the float32 one of a profile that computes in int8 is kept in bytes there. */
function memoryOf(
  { runtime, dtype, memory }: DeviceProfile,
  network: Network,
): Pick<NetworkPrediction, 'tensorMemory' | 'peakMemory' | 'runtimeBaseCounted' | 'flash' | 'sram'> {
  const kept = dtype === 'int8' ? { ...network, dtype } : network;
  const weights = foldedWeightBytes(kept);
  const live = isTfjs(runtime) ? activationPeak(network, runtime) : peakMemory(network).bytes;
  const activations = live / (dtype === 'int8' ? FLOAT_BYTES : 1);
  const tensorMemory = weights + activations;
  if (memory.flash === undefined) {
    const { bytes, base } = residentMemory(memory, networkMemory(kept, activations));
    return { tensorMemory, peakMemory: bytes, runtimeBaseCounted: base !== null };
  }
  const base = figureOf(memory.runtimeBase);
  const code = figureOf(memory.runtimeCode);
  const flash = weights * (figureOf(memory.weightCopies) ?? 1) + (code ?? 0);
  const sram = activations + (base ?? 0);
  return {
    tensorMemory,
    peakMemory: flash + sram,
    runtimeBaseCounted: base !== null && code !== null,
    flash: { bytes: flash, available: figureOf(memory.flash) },
    sram: { bytes: sram, available: figureOf(memory.sram) },
  };
}

function isTfjs(runtime: DeviceProfile['runtime']): runtime is TfjsRuntime {
  return runtime.startsWith('tfjs-');
}

function layerOf({ layers, key }: Kernel, cost: Cost): LayerPrediction {
  return { name: layers.at(-1)!, kernel: key, latency: cost.seconds, extrapolated: isOutside(cost) };
}

function isOutside({ source }: Cost): boolean {
  return source === 'extrapolated';
}
