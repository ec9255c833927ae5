import type { TableKernel } from './board-table.js';
import { baseFigures, shapedSeconds } from './latency.js';
import type { DeviceProfile } from './profile.js';

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
  return kernels.reduce((sum, kernel) => {
    const { family, flops, bytes, count, pixels = 1, outputs = 1, depth = 1, groups = 1 } = kernel;
    const { base, figures } = baseFigures(profile, threads, family);
    const transcendental = kernel.transcendental === true ? flops : 0;
    return (
      sum +
      count * shapedSeconds(base, figures, { flops, bytes, transcendental, pixels, outputs, depth, groups })
    );
  }, 0);
}
