import type { Kernel } from '../kernel/index.js';

/** Sizes of the matrix product that a convolution is; of a depthwise one, outputs are its channels. */
export interface WorkShape {
  /** Pixels of the output. */
  readonly pixels: number;
  /** Multiply-adds behind one output. */
  readonly depth: number;
  /** Output channels, of one group. */
  readonly outputs: number;
  /** Groups that run one after the other; 1 for a depthwise convolution, which is one kernel. */
  readonly groups: number;
}

/**
 * How small sizes slow a convolution down: its work counts
 * `((1 + edge / sqrt(pixels))^2 + pixels0 / pixels) (1 + outputs0 / outputs) (1 + depth0 / depth)` times, and each of
 * several groups costs `groupOverhead` seconds more. Work is the product of the three sizes, so each term is a cost that
 * does not grow with that size: reading weights (`pixels`), reading inputs (`outputs`), writing outputs (`depth`), and the
 * rim of a map that a Winograd tile computes in vain (`edge`). Time therefore never falls when a size grows.
 */
export interface ShapeEffect {
  readonly pixels: number;
  readonly edge: number;
  readonly outputs: number;
  readonly depth: number;
  /** Seconds a group, of convolutions with more than one. */
  readonly groupOverhead: number;
  /**
   * Adds `row0 / row` to the last factor, where a row is what lies side by side in a window, its width times the input
   * channels: patches of an image with one or three channels are gathered in short runs. 0 where left out.
   */
  readonly row?: number | undefined;
}

/** Numbers that lie side by side in the window of a convolution. */
export function rowLength({ shape }: Pick<Kernel, 'shape'>): number {
  return ((shape['kernelWidth'] ?? 1) * (shape['channels'] ?? 1)) / (shape['groups'] ?? 1);
}

/** The sizes of a convolution, depthwise or not. */
export function workShape({ family, shape }: Pick<Kernel, 'family' | 'shape'>): WorkShape {
  const at = (name: string) => shape[name] ?? 1;
  const window = at('kernelHeight') * at('kernelWidth');
  const pixels = at('outHeight') * at('outWidth');
  if (family === 'depthwiseConv2d') return { pixels, depth: window, outputs: at('channels'), groups: 1 };
  const groups = at('groups');
  return { pixels, depth: (window * at('channels')) / groups, outputs: at('filters') / groups, groups };
}

/** How many times the work counts, by its shape; at least 1. */
export function shapeFactor(
  effect: Omit<ShapeEffect, 'groupOverhead'>,
  { pixels, depth, outputs, row = 1 }: Omit<WorkShape, 'groups'> & { readonly row?: number },
): number {
  const map = (1 + effect.edge / Math.sqrt(pixels)) ** 2 + effect.pixels / pixels;
  // Added, not multiplied: both shrink with the input channels, and time must not fall when those grow.
  const gathering = effect.row === undefined ? 0 : effect.row / row;
  return map * (1 + effect.outputs / outputs) * (1 + effect.depth / depth + gathering);
}

/** Seconds that a kernel of several groups takes beside its work. */
export function groupSeconds(effect: Pick<ShapeEffect, 'groupOverhead'>, groups: number): number {
  return groups > 1 ? groups * effect.groupOverhead : 0;
}
