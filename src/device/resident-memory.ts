import { foldedWeightBytes, type Kernel, lowerWhole } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import { figureOf, type Sourced, sourced, sourcedNumber } from './sourced.js';

/** Fields of a profile's memory beside `weightCopies`, for runtimes whose process was measured. */
export const residentFields = {
  /** Copies of the weights of dense and depthwise layers, where those are not `weightCopies`. */
  denseCopies: sourcedNumber(0, 100).optional(),
  /** How many times the bytes of live activations the process really holds. */
  mapCopies: sourcedNumber(0, 100).optional(),
  /** Bytes that the runtime keeps for each output pixel and each position in the window of a convolution. */
  windowBytes: sourced('bytes').optional(),
  /** Bytes a second that one thread moves between memory and itself. */
  bandwidth: sourced('bandwidth', { positive: true }).optional(),
};

/** What a profile says of its runtime's memory. */
export interface RuntimeFigures {
  readonly runtimeBase: Sourced;
  readonly weightCopies: Sourced;
  readonly denseCopies?: Sourced | undefined;
  readonly mapCopies?: Sourced | undefined;
  readonly windowBytes?: Sourced | undefined;
}

/** What a network holds of memory, in bytes, before a runtime adds its own. */
export interface NetworkMemory {
  /** Weights of convolutions, and of all other layers, batch normalisation folded. */
  readonly convolutions: number;
  readonly others: number;
  /** Live activations at their peak, and what kernels hold beside them. */
  readonly maps: number;
  /** Output pixels times positions in the window, over all convolutions with windows larger than 1x1. */
  readonly windows: number;
}

/** @param maps bytes of live activations at their peak. */
export function networkMemory(network: Network, maps: number): NetworkMemory {
  const { kernels } = lowerWhole(network);
  const all = foldedWeightBytes(network);
  const convolutions = Math.min(all, sum(kernels, convolutionBytes));
  return {
    convolutions,
    others: all - convolutions,
    maps,
    windows: sum(kernels, windowPositions),
  };
}

/**
 * Bytes that a process of the runtime holds at its peak: what the runtime takes itself, its copies of the weights, live
 * activations and what it keeps for windows. `base` is null, and nothing of it counted, where the profile does not know it.
 */
export function residentMemory(
  memory: RuntimeFigures,
  { convolutions, others, maps, windows }: NetworkMemory,
): { readonly bytes: number; readonly base: number | null } {
  const base = figureOf(memory.runtimeBase);
  const copies = figureOf(memory.weightCopies) ?? 1;
  const bytes =
    (base ?? 0) +
    convolutions * copies +
    others * (figureOf(memory.denseCopies) ?? copies) +
    maps * (figureOf(memory.mapCopies) ?? 1) +
    windows * (figureOf(memory.windowBytes) ?? 0);
  return { bytes, base };
}

const FLOAT = 4;

function convolutionBytes({ family, shape }: Kernel): number {
  if (family !== 'conv2d') return 0;
  const { kernelHeight, kernelWidth, channels, groups, filters, bias } = shape as Record<string, number>;
  return FLOAT * filters! * ((kernelHeight! * kernelWidth! * channels!) / groups! + bias!);
}

/** Each group is a convolution of its own, with a list of positions of its own. */
function windowPositions({ family, shape }: Kernel): number {
  if (family !== 'conv2d') return 0;
  const { kernelHeight, kernelWidth, outHeight, outWidth, groups } = shape as Record<string, number>;
  const positions = kernelHeight! * kernelWidth!;
  return positions === 1 ? 0 : positions * outHeight! * outWidth! * groups!;
}

function sum(kernels: readonly Kernel[], of: (kernel: Kernel) => number): number {
  return kernels.reduce((total, kernel) => total + of(kernel), 0);
}
