import type { Layer } from '../layer.js';
import type { Shape } from '../region.js';

/** A kernel as whole numbers of one byte, with one scale for each output channel. */
export interface QuantisedKernel {
  readonly values: Int8Array;
  readonly scales: Float32Array;
  /** How many neighbours in memory share a scale; the next ones belong to the next channel. */
  readonly run: number;
}

/**
 * Symmetric quantisation by output channel: scale = max |w| / 127, value = round(w / scale). Per channel and not per tensor,
 * since channels of one layer differ in size by orders of magnitude (Krishnamoorthi, "Quantizing deep convolutional
 * networks for efficient inference", 2018, arXiv 1806.08342, section 3.1).
 */
export function quantise(kernel: Float32Array, channels: number, run = 1): QuantisedKernel {
  const scales = new Float32Array(channels);
  const channelAt = (index: number) => Math.floor(index / run) % channels;
  for (const [index, value] of kernel.entries()) {
    const channel = channelAt(index);
    scales[channel] = Math.max(scales[channel]!, Math.abs(value));
  }
  for (const [channel, largest] of scales.entries()) scales[channel] = representable(largest / LARGEST);
  const values = new Int8Array(kernel.length);
  for (const [index, value] of kernel.entries()) {
    const scale = scales[channelAt(index)]!;
    // A channel of zeros has no scale; what no number stands for is nothing.
    const steps = scale > 0 && Number.isFinite(scale) ? Math.round(value / scale) : 0;
    values[index] = Math.min(Math.max(steps, -LARGEST), LARGEST);
  }
  return { values, scales, run };
}

const SMALLEST_NORMAL = 2 ** -126;
const SUBNORMAL_STEP = 2 ** -149;

/** A scale that a float32 holds: among subnormal numbers, rounding down could leave the largest weight out of reach. */
function representable(scale: number): number {
  return scale < SMALLEST_NORMAL ? Math.ceil(scale / SUBNORMAL_STEP) * SUBNORMAL_STEP : scale;
}

/** The numbers that a quantised kernel stands for: at most half a scale from the original ones. */
export function dequantise({ values, scales, run }: QuantisedKernel): Float32Array {
  return Float32Array.from(
    values,
    (value, index) => value * scales[Math.floor(index / run) % scales.length]!,
  );
}

/** Output channels of a layer's kernel and the length of a run of one channel in memory; undefined without a kernel. */
export function kernelChannels(
  layer: Layer,
  inputs: readonly Shape[],
): { readonly channels: number; readonly run: number } | undefined {
  switch (layer.kind) {
    case 'conv2d':
    case 'channelConv2d':
      return { channels: layer.filters, run: 1 };
    case 'depthwiseConv2d':
      return { channels: inputs[0]![2] * layer.multiplier, run: 1 };
    case 'dense':
      return { channels: layer.units, run: 1 };
    case 'convTranspose2d':
      return { channels: layer.filters / layer.groups, run: inputs[0]![2] };
    default:
      return undefined;
  }
}

/** -128 is left out, so that the range is the same on both sides of zero. */
const LARGEST = 127;
