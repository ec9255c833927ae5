import { freshKernels, probeSpeed } from '../calibrate/index.js';
import { type DeviceProfile, measuredKernels } from '../device/index.js';
import type { Kernel } from '../kernel/index.js';

/** A single run of a fresh kernel takes about this long at the most. */
const LONGEST_SECONDS = 0.2;

/** Kernels other than those that the profile was fitted to. */
export function unseenKernels(
  profile: DeviceProfile,
  threads: number,
  count: number,
  seed: number,
): readonly Kernel[] {
  if (count === 0) return [];
  const fresh = freshKernels(seed, probeSpeed() * LONGEST_SECONDS);
  const fitted = fittedKernels(profile, threads);
  const kernels = new Map<string, Kernel>();
  while (kernels.size < count) {
    const kernel = fresh.next().value;
    if (!fitted.has(identity(kernel))) kernels.set(kernel.key, kernel);
  }
  return [...kernels.values()];
}

function fittedKernels(profile: DeviceProfile, threads: number): ReadonlySet<string> {
  return new Set([...measuredKernels(profile, threads).values()].flat().map(identity));
}

function identity({ family, shape }: Pick<Kernel, 'family' | 'shape'>): string {
  return `${family} ${JSON.stringify(shape)}`;
}
