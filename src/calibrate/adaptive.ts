import type { LatencyFamily } from '../device/index.js';
import { NonnError, type RandomStream } from '../foundation/index.js';
import type { Kernel } from '../kernel/index.js';
import type { FamilyFit } from './fit.js';
import { kernelNear } from './kernel-near.js';

/** Errors above this are worth more measurements. */
const POOR = 0.1;
/** Kernels to measure around each that was predicted poorly, as nn-Meter has it. */
const AROUND_EACH = 20;
/** Draws for each of those; one may be known already. */
const ATTEMPTS = 3;

/**
 * Kernels like those that a fit without them predicted poorly, in turns around each of them.
 * @param isNew whether a kernel has not been measured, nor given here.
 */
export function* kernelsAroundErrors(
  fits: ReadonlyMap<LatencyFamily, FamilyFit>,
  draw: RandomStream,
  isNew: (kernel: Kernel) => boolean,
): Generator<Kernel, undefined> {
  const poor = [...fits.values()].flatMap(({ leftOut }) =>
    leftOut.filter(({ predicted, measured }) => Math.abs(predicted / measured - 1) > POOR),
  );
  for (let turn = 0; turn < AROUND_EACH; turn++)
    for (const { kernel } of poor)
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const near = tryNear(draw, kernel);
        if (near === null || !isNew(near)) continue;
        yield near;
        break;
      }
  return undefined;
}

/** Changed sizes may not fit each other; then nothing was drawn. */
function tryNear(draw: RandomStream, kernel: Pick<Kernel, 'family' | 'shape'>): Kernel | null {
  try {
    return kernelNear(draw, kernel);
  } catch (error) {
    if (error instanceof NonnError) return null;
    throw error;
  }
}
