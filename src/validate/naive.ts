import {
  baseSeconds,
  type DeviceProfile,
  familyFallbacks,
  type LatencyFamily,
  latencyFamily,
  measuredKernels,
} from '../device/index.js';
import type { Work } from '../kernel/index.js';

/** Seconds of work by a model that is too simple, or null where a profile does not have what it needs. */
export type NaiveModel = (work: readonly Work[]) => number | null;

/**
 * One rate for everything: seconds = flops / rate, with the rate that fits the profile's own samples with the least
 * sum of squared relative errors. Null for a profile without samples of single kernels.
 */
export function flopsModel(profile: DeviceProfile, threads: number): NaiveModel {
  const samples = samplesOf(profile, threads);
  let moment = 0;
  let square = 0;
  for (const { flops, seconds } of samples) {
    const perSecond = flops / seconds;
    moment += perSecond;
    square += perSecond * perSecond;
  }
  if (square === 0) return () => null;
  const perFlop = moment / square;
  return (works) =>
    works.reduce((sum, work) => {
      if (work.kind !== 'kernels') return sum;
      return sum + work.kernels.reduce((seconds, kernel) => seconds + kernel.flops * perFlop, 0);
    }, 0);
}

/** The roofline of each family, or of its relative where it has none, with nothing learned, as the profile has it; frames as the profile has them. */
export function rooflineModel(
  profile: DeviceProfile,
  threads: number,
  codec: (work: Work) => number,
): NaiveModel {
  const bases = basesOf(profile, threads);
  return (works) => {
    let seconds = 0;
    for (const work of works) {
      if (work.kind !== 'kernels') seconds += codec(work);
      else
        for (const kernel of work.kernels) {
          const family = latencyFamily(kernel);
          const known = [family, ...familyFallbacks[family]].find((one) => bases.has(one));
          if (known === undefined) return null;
          const base = bases.get(known)!;
          seconds += baseSeconds(base, kernel);
        }
    }
    return seconds;
  };
}

/** Kernels that the profile was fitted to. */
export function samplesOf(
  profile: DeviceProfile,
  threads: number,
): readonly { readonly flops: number; readonly seconds: number }[] {
  return [...measuredKernels(profile, threads).values()].flat();
}

function basesOf(profile: DeviceProfile, threads: number) {
  return new Map(
    Object.entries(profile.latency.base[String(threads)] ?? {}).flatMap(([family, base]) => {
      if (base === undefined) return [];
      const { rate, bandwidth, overhead } = base;
      if (!('value' in rate && 'value' in bandwidth && 'value' in overhead)) return [];
      const values = { rate: rate.value, bandwidth: bandwidth.value, overhead: overhead.value };
      return [[family as LatencyFamily, values] as const];
    }),
  );
}
