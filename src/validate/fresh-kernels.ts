import { freshKernels, probeSpeed } from '../calibrate/index.js';
import { type DeviceProfile, latencyFamily, latencyFeatures } from '../device/index.js';
import type { Kernel } from '../kernel/index.js';

/** A single run of a fresh kernel takes about this long at the most. */
const LONGEST_SECONDS = 0.2;

/** Kernels whose features differ from those of every kernel that the profile was fitted to. */
export function unseenKernels(
  profile: DeviceProfile,
  threads: number,
  count: number,
  seed: number,
): readonly Kernel[] {
  if (count === 0) return [];
  const fresh = freshKernels(seed, probeSpeed() * LONGEST_SECONDS);
  const kernels = new Map<string, Kernel>();
  while (kernels.size < count) {
    const kernel = fresh.next().value;
    if (!isFitted(profile, threads, kernel)) kernels.set(kernel.key, kernel);
  }
  return [...kernels.values()];
}

function isFitted(profile: DeviceProfile, threads: number, kernel: Kernel): boolean {
  const residual = profile.latency.residual?.[String(threads)]?.[latencyFamily(kernel)];
  if (residual === undefined) return false;
  const features = latencyFeatures(kernel);
  const at = residual.features.map((name) => features.get(name) ?? 0);
  return residual.points.some((point) => point.every((value, index) => Math.abs(value - at[index]!) < 1e-4));
}
