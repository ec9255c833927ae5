import type { TableKernel } from './board-table.js';
import { baseFigures, baseSeconds } from './latency.js';
import type { DeviceProfile } from './profile.js';
import { groupSeconds, shapeFactor } from './shape-effect.js';

/**
 * Seconds of the kernels of an ncnn network (`kernelsOfParam`), one after the other, as a profile predicts them: what
 * `kernelCost` gives kernels of nonn's own networks.
 * @throws NonnError if the profile has no such number of threads, or does not know a figure that is needed.
 */
export function tableSeconds(
  profile: DeviceProfile,
  threads: number,
  kernels: readonly TableKernel[],
): number {
  return kernels.reduce((sum, { family, flops, bytes, count, groups = 1, ...sizes }) => {
    const { base, figures } = baseFigures(profile, threads, family);
    const { pixels = 1, outputs = 1, depth = 1 } = sizes;
    const factor = base.shape === undefined ? 1 : shapeFactor(base.shape, { pixels, outputs, depth });
    const grouped = base.shape === undefined ? 0 : groupSeconds(base.shape, groups);
    return sum + count * (baseSeconds(figures, { flops: flops * factor, bytes }) + grouped);
  }, 0);
}
