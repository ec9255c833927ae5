import { FLOAT_BYTES, type Kernel } from '../kernel/index.js';
import { weightNumbers } from './kernel-weights.js';

/** From how many bytes on, moved between two uses, weights begin to be pushed out of the caches, and from how many all are. */
export interface CacheBounds {
  readonly from: number;
  readonly until: number;
}

/** A kernel as far as it matters for what it brings in again. */
export type Refilling = Pick<Kernel, 'family' | 'shape' | 'bytes'>;

/** Bytes that kernels read and write: what lies between two uses of the same weights, if they are all of an inference. */
export function movedBytes(kernels: readonly Pick<Kernel, 'bytes'>[]): number {
  return kernels.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Bytes of a kernel's weights that the rest of an inference has pushed out of the caches, so that they have to come from
 * memory again: none where the inference moves few bytes, all where it moves many, in proportion to the logarithm in between.
 * What the kernel pushes out by itself is missing in its own measurement as well, and is not counted.
 * @param moved bytes that the whole inference moves on its device.
 */
export function refilledBytes(bounds: CacheBounds, kernel: Refilling, moved: number): number {
  const share = pushedOut(bounds, moved) - pushedOut(bounds, kernel.bytes);
  return share <= 0 ? 0 : share * FLOAT_BYTES * weightNumbers(kernel);
}

/** Share of what was in the caches that is there no more after so many bytes. */
function pushedOut({ from, until }: CacheBounds, moved: number): number {
  return moved <= from ? 0 : Math.min(1, Math.log(moved / from) / Math.log(until / from));
}
