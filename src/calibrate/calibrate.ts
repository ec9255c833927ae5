import { NonnError } from '../foundation/index.js';
import { lowerWhole } from '../kernel/index.js';
import { NetworkBuilder } from '../network/index.js';
import { type BackendName, least, openBackend, timeKernels, warmUp } from '../runtime/index.js';
import { measureCodec } from './codec.js';
import { fitFamilies } from './fit.js';
import { measureLoopback } from './loopback.js';
import { thisMachine } from './machine.js';
import { measureSamples, secondsOf } from './measure-samples.js';
import { profileDocument } from './profile-document.js';
import { sampleKernels, warmUpKernels } from './sample.js';
import { measureSurroundings } from './surroundings.js';

export interface CalibrateOptions {
  /** Seconds that it may take in all. */
  readonly budget: number;
  readonly backend: BackendName;
  /** Threads that a kernel may use (1); only native kernels take more. */
  readonly threads?: number | undefined;
  /** Name of the profile. */
  readonly name: string;
  readonly seed: number;
  /** `2026-11-24`, the day that the profile bears. */
  readonly date: string;
  /** Is told now and then how many kernels were measured and how many seconds are left. */
  readonly onProgress?: (progress: { readonly kernels: number; readonly secondsLeft: number }) => void;
}

/** Shorter budgets see too few kernels of each family. */
const LEAST_BUDGET = 4;
/** Shares of the budget: frames each way, the loopback, warming up, and the fit at the end. */
const CODEC_SHARE = 0.015;
const LOOPBACK_SHARE = 0.03;
const WARM_UP_SHARE = 0.05;
const FIT_SHARE = 0.05;
const LONGEST_SIDE_MEASUREMENT = 2;
/** No single run of a kernel takes more than this share of the budget; each runs six times at least. */
const LARGEST_KERNEL_SHARE = 0.005;
/** Of single runs: longer kernels are drawn less often. */
const USUAL_SECONDS = 1e-3;

/**
 * Measures this machine for so many seconds and fits what it found.
 * @returns the document of a device profile, as `writeProfile` and `parseProfile` take it.
 * @throws NonnError for a budget that is too short, or a backend that does not start.
 */
export async function calibrate(options: CalibrateOptions): Promise<ReturnType<typeof profileDocument>> {
  const { budget, seed, onProgress } = options;
  if (budget < LEAST_BUDGET)
    throw new NonnError(`budget: found ${budget} s, expected at least ${LEAST_BUDGET} s`);
  const begun = performance.now();
  const secondsLeft = () => budget - (performance.now() - begun) / 1000;
  const side = (share: number) => Math.min(share * budget, LONGEST_SIDE_MEASUREMENT);
  const { threads } = await openBackend(options.backend, { threads: options.threads });
  const runtimeBase = process.memoryUsage().rss;
  const loopback = await measureLoopback(side(LOOPBACK_SHARE));
  const encode = measureCodec('encode', side(CODEC_SHARE));
  const decode = measureCodec('decode', side(CODEC_SHARE));
  warmUp(warmUpKernels(), side(WARM_UP_SHARE));
  const surroundings = await measureSurroundings({
    backend: options.backend,
    threads,
    budget,
    busy: () => warmUp(warmUpKernels(), 0.1),
  });
  const speed = probeSpeed();
  const samples = measureSamples(
    sampleKernels(seed, { most: speed * budget * LARGEST_KERNEL_SHARE, usual: speed * USUAL_SECONDS }),
    () => secondsLeft() - budget * FIT_SHARE,
    (kernels) => onProgress?.({ kernels, secondsLeft: Math.max(0, secondsLeft()) }),
  );
  const fits = fitFamilies(
    samples.map((sample) => ({ kernel: sample.kernel, seconds: secondsOf(sample) })),
    seed,
  );
  if (fits.size === 0)
    throw new NonnError(
      `budget: found that ${budget} s are enough for ${samples.length} kernels only, expected time for more`,
    );
  return profileDocument({
    ...options,
    threads,
    machine: thisMachine(),
    samples,
    fits,
    encode,
    decode,
    loopback,
    runtimeBase,
    surroundings,
  });
}

/** FLOP/s of a 3x3 convolution of middling size. */
export function probeSpeed(): number {
  const b = new NetworkBuilder('probe');
  const [kernel] = lowerWhole(b.build(b.conv2d(b.input([32, 32, 32]), { filters: 32, kernel: 3 }))).kernels;
  const [seconds] = timeKernels([kernel!], { most: 10, least: 2, seconds: 0.2 });
  return kernel!.flops / least(seconds!);
}
