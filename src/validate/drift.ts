import { median } from 'simple-statistics';
import { type DeviceProfile, measuredKernels } from '../device/index.js';
import { randomStream } from '../foundation/index.js';
import { type Kernel, kernel } from '../kernel/index.js';
import type { Measured } from './measured.js';

/** A kernel that the profile was fitted to, with the seconds that it took in the calibration. */
export interface KnownKernel {
  readonly kernel: Kernel;
  readonly seconds: number;
}

/** How much slower the machine is than when its profile was calibrated. */
export interface Drift {
  /** Median of now over then, of the profile's own kernels. */
  readonly factor: number;
  /** How many of them were measured again. */
  readonly kernels: number;
}

/** Two visits of kernels. */
const KERNELS = 48;
/** Longer ones take too much of the time that there is for all. */
const LONGEST_SECONDS = 5e-3;

/**
 * Some of the kernels that a profile was fitted to, of all kinds and sizes, as those that took turns in the calibration:
 * after one of the same size a kernel finds more in the caches than after a large one. None of a profile without measurements.
 */
export function knownKernels(profile: DeviceProfile, threads: number, seed: number): readonly KnownKernel[] {
  const measured = [...measuredKernels(profile, threads).values()]
    .flat()
    .filter((one) => one.seconds <= LONGEST_SECONDS && isRunnable(one));
  const { integer } = randomStream(seed, 'validate/drift');
  return Array.from({ length: Math.min(KERNELS, measured.length) }, () => {
    const [{ family, shape, flops, bytes, seconds }] = measured.splice(integer(measured.length), 1) as [
      (typeof measured)[number],
    ];
    // What runs and times a kernel asks for neither its layers nor its multiply-adds.
    return { kernel: kernel({ family, shape, flops, bytes, layers: [], macs: 0 }), seconds };
  });
}

/** More numbers than this no kernel of a few milliseconds reads or writes. */
const MOST_NUMBERS = 2 ** 24;
/** Fields of a shape that multiply to the numbers of a tensor: what comes in, what goes out, and weights. */
const tensors = [
  ['height', 'width', 'channels', 'parts', 'terms', 'factorHeight', 'factorWidth'],
  ['outHeight', 'outWidth', 'filters', 'channels', 'multiplier'],
  ['kernelHeight', 'kernelWidth', 'channels', 'filters', 'multiplier'],
  ['inputs', 'units'],
] as const;

/** A profile is a file, which may say anything: nothing is run that would fill the memory. */
function isRunnable({ shape }: Pick<Kernel, 'shape'>): boolean {
  return (
    Object.values(shape).every(Number.isInteger) &&
    tensors.every((fields) => fields.reduce((size, field) => size * (shape[field] ?? 1), 1) <= MOST_NUMBERS)
  );
}

/**
 * Each half of the rounds counts by itself, as each of two measurements did in the calibration; the least of more would be
 * less. Null without known kernels.
 */
export function driftOf(known: readonly KnownKernel[], measured: readonly Measured[]): Drift | null {
  if (known.length === 0) return null;
  const ratios = known.map(({ seconds }, index) => {
    const { before, after } = measured[index]!;
    return Math.sqrt(before * after) / seconds;
  });
  return { factor: median(ratios), kernels: known.length };
}
