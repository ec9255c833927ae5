import type { Unit } from '../kernel/index.js';
import { type BatchNorm, type Network, roundedKernel } from '../network/index.js';
import type { LayerWeights, Weights } from './weights.js';

/** What a unit's kernel needs besides its inputs, as numbers in the order of the layer's weights. */
export interface UnitWeights {
  /** `[height, width, channels / groups, filters]`, `[height, width, channels, multiplier]` or `[inputs, units]`; see each layer's operator. */
  readonly kernel?: Float32Array;
  readonly bias?: Float32Array;
  /** Of a normalisation that stands alone: gamma, beta and, of a batch normalisation, mean and variance, one a channel. */
  readonly norm?: LayerWeights;
}

/**
 * The weights of a fused unit. A folded batch normalisation scales each filter by gamma / sqrt(variance + epsilon)
 * and moves the bias: what follows is the same function with one kernel less (Jacob et al. 2018, section 3.2).
 * Of an int8 network, kernels are rounded as they are kept, after folding.
 */
export function foldUnit(network: Network, unit: Unit, weights: Weights): UnitWeights {
  const { anchor, folded } = unit;
  if (anchor.kind === 'batchNorm') return { norm: completeNorm(weights(network, anchor)) };
  if (anchor.kind === 'layerNorm') return { norm: weights(network, anchor) };
  const { kernel, bias } = weights(network, anchor);
  if (kernel === undefined) return {};
  const rounded = (numbers: Float32Array) => roundedKernel(network, anchor, numbers);
  if (folded === undefined)
    return bias === undefined ? { kernel: rounded(kernel) } : { kernel: rounded(kernel), bias };
  const norm = completeNorm(weights(network, folded));
  const scale = scaleOf(norm, folded);
  // In every layout of a kernel the output's index runs fastest (a depthwise output is channel x multiplier).
  return {
    kernel: rounded(kernel.map((value, index) => value * scale[index % scale.length]!)),
    bias: scale.map(
      (factor, index) =>
        ((bias?.[index] ?? 0) - norm['movingMean']![index]!) * factor + norm['beta']![index]!,
    ),
  };
}

/** A normalisation that learns no scale has scales of 1, and one that learns no offset offsets of 0. */
function completeNorm(norm: LayerWeights): LayerWeights {
  const { length } = norm['movingMean']!;
  return { gamma: new Float32Array(length).fill(1), beta: new Float32Array(length), ...norm };
}

function scaleOf(norm: LayerWeights, { epsilon }: BatchNorm): Float32Array {
  return norm['movingVariance']!.map(
    (variance, index) => (norm['gamma']?.[index] ?? 1) / Math.sqrt(variance + epsilon),
  );
}
