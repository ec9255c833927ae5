import type { LatencyFamily } from '../device/index.js';
import { NonnError } from '../foundation/index.js';
import type { Kernel } from '../kernel/index.js';
import { type BackendName, least, openBackend, warmUp } from '../runtime/index.js';
import { fitBatches } from './batch-fit.js';
import type { BatchFindings } from './batch-section.js';
import { errorsOf } from './errors.js';
import { type FamilyFit, fitFamilies, predictKernel } from './fit.js';
import { fitInference, type InferenceFit } from './inference-fit.js';
import { Journal } from './journal.js';
import { thisMachine } from './machine.js';
import { type BatchSample, batchSizes, measureBatches, type NetworkBatchSample } from './measure-batches.js';
import { measured, measureKernels, probeSpeed } from './measure-kernels.js';
import { type NetworkSample, sampledNetwork, visitedNetwork } from './measure-networks.js';
import type { Sample } from './measure-samples.js';
import { measurerOf } from './measurer.js';
import { profileDocument } from './profile-document.js';
import { warmUpKernels } from './sample.js';
import { measureSides } from './side-measurements.js';

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
  /** Where the profile will be: beside it stands what was measured until then, for another call to go on with. */
  readonly out?: string | undefined;
  /** Is told now and then how far it is. */
  readonly onProgress?: (progress: CalibrationProgress) => void;
}

export interface CalibrationProgress {
  readonly kernels: number;
  readonly secondsLeft: number;
  /** Median error of kernels left out of the last fit, and the family whose is largest; absent before a fit. */
  readonly error?: number;
  readonly worst?: LatencyFamily;
}

/** Shorter budgets see too few kernels of each family. */
const LEAST_BUDGET = 4;
/** Shares of the budget: warming up, whole networks, and the fit at the end. */
const WARM_UP_SHARE = 0.05;
const NETWORKS_SHARE = 0.12;
const FIT_SHARE = 0.06;
const LONGEST_WARM_UP = 3;
/** Of the budget, for batches of several images; a shorter one has no time for them. */
const BATCHES_SHARE = 0.08;
const LONGEST_BATCHES = 24;
const LEAST_BATCHES_BUDGET = 30;
/** Networks that are run whole, how often each, minutes apart, and the seconds that a visit takes. */
const MOST_NETWORKS = 36;
const VISITS = 3;
const VISIT_SECONDS = 0.33;
/**
 * Measures this machine for so many seconds and fits what it found. What an earlier call with the same settings measured
 * before it was killed counts, and so does the time that this took.
 * @returns the document of a device profile, as `parseProfile` takes it.
 * @throws NonnError for a budget that is too short, a backend that does not start, or measurements of other settings.
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { budget, seed, onProgress } = options;
  if (budget < LEAST_BUDGET)
    throw new NonnError(`budget: found ${budget} s, expected at least ${LEAST_BUDGET} s`);
  const backend = await openBackend(options.backend, { threads: options.threads });
  const machine = thisMachine();
  const journal =
    options.out === undefined
      ? undefined
      : new Journal(options.out, {
          backend: backend.name,
          threads: backend.threads,
          budget,
          seed,
          fingerprint: machine.fingerprint,
        });
  const warmUpSeconds = Math.min(WARM_UP_SHARE * budget, LONGEST_WARM_UP);
  const measurer = measurerOf({ backend, seed, warmUpSeconds });
  try {
    const samples: Sample[] = [...(journal?.found.samples ?? [])];
    const networks: NetworkSample[] = [...(journal?.found.networks ?? [])];
    const batches: BatchSample[] = [...(journal?.found.batches ?? [])];
    const networkBatches: NetworkBatchSample[] = [...(journal?.found.networkBatches ?? [])];
    const begun = performance.now();
    const elapsed = () => (journal?.found.elapsed ?? 0) + (performance.now() - begun) / 1000;
    // Before the warming up, which they would let cool down; an earlier call's are as good.
    const sides = journal?.found.sides ?? (await measureSides(backend, budget));
    if (journal?.found.sides === undefined) journal?.add({ elapsed: elapsed(), sides });
    warmUp(warmUpKernels(), warmUpSeconds);
    const wanted = Math.min(MOST_NETWORKS, Math.ceil((NETWORKS_SHARE * budget) / (VISITS * VISIT_SECONDS)));
    const ofBatches = budget < LEAST_BATCHES_BUDGET ? 0 : Math.min(BATCHES_SHARE * budget, LONGEST_BATCHES);
    const end = budget * (1 - FIT_SHARE) - ofBatches;
    const report = (fits?: ReadonlyMap<LatencyFamily, FamilyFit>) =>
      onProgress?.({
        kernels: samples.length,
        secondsLeft: Math.max(0, budget - elapsed()),
        ...(fits === undefined ? {} : summary(fits)),
      });
    const visit = async () => {
      networks.push(await measurer.network(networks.length % wanted));
      journal?.add({ elapsed: elapsed(), networks: networks.slice(-1) });
    };
    // Visits are spread over the whole time, so that a slow spell of the machine does not meet all of a network's.
    const visitsDue = () => Math.floor(Math.min(1, elapsed() / end) * VISITS * wanted);
    const dropped = await measureKernels({
      measurer,
      seed,
      budget,
      samples,
      elapsed,
      end: end - 2 * VISIT_SECONDS,
      between: async () => {
        while (networks.length < visitsDue()) await visit();
      },
      onRound: (round) => journal?.add({ elapsed: elapsed(), samples: round }),
      report,
    });
    while (networks.length < VISITS * wanted && (elapsed() < end || networks.length < wanted)) await visit();
    measurer.close();
    // Measuring kernels may have taken longer; too few batches tell nothing at all.
    const endOfBatches = Math.max(end, batches.length === 0 ? elapsed() : 0) + ofBatches;
    if (ofBatches > 0)
      measureBatches({
        seed,
        backend,
        speed: probeSpeed(),
        secondsLeft: () => endOfBatches - elapsed(),
        kernels: batches,
        networks: networkBatches,
        onKernel: (sample) => journal?.add({ elapsed: elapsed(), batches: [sample] }),
        onNetwork: (sample) => journal?.add({ elapsed: elapsed(), networkBatches: [sample] }),
      });
    const fits = fitFamilies(samples.map(measured), { seed, budget });
    if (fits.size === 0)
      throw new NonnError(
        `budget: found that ${budget} s are enough for ${samples.length} kernels only, expected time for more`,
      );
    return {
      document: profileDocument({
        ...options,
        threads: backend.threads,
        machine,
        samples,
        dropped,
        fits,
        inference: inferenceOf(networks, fits, seed),
        batches: batchesOf(batches, networkBatches, fits, seed),
        ...sides,
      }),
      ...(journal === undefined || journal.found.samples.length === 0
        ? {}
        : { resumed: { kernels: journal.found.samples.length, seconds: journal.found.elapsed } }),
      finish: () => journal?.remove(),
    };
  } finally {
    measurer.close();
    journal?.close();
  }
}

export interface Calibration {
  readonly document: ReturnType<typeof profileDocument>;
  /** What an earlier call had measured, and the seconds that it had taken; absent where there was none. */
  readonly resumed?: { readonly kernels: number; readonly seconds: number };
  /** Removes the measurements beside the profile, once that is written. */
  readonly finish: () => void;
}

function summary(fits: ReadonlyMap<LatencyFamily, FamilyFit>): Pick<CalibrationProgress, 'error' | 'worst'> {
  const errors = [...fits].map(([family, { leftOut }]) => ({ family, ...errorsOf(leftOut) }));
  const worst = errors.reduce((a, b) => (b.mean > a.mean ? b : a));
  return {
    error: errorsOf([...fits.values()].flatMap(({ leftOut }) => leftOut)).median,
    worst: worst.family,
  };
}

/** What inferences take beside their kernels, by networks that were run whole; null without any. */
function inferenceOf(
  networks: readonly NetworkSample[],
  fits: ReadonlyMap<LatencyFamily, FamilyFit>,
  seed: number,
): InferenceFit | null {
  const visits = new Map<number, NetworkSample[]>();
  for (const sample of networks) visits.set(sample.index, [...(visits.get(sample.index) ?? []), sample]);
  const times = [...visits].flatMap(([index, samples]) => {
    const { kernels, weightBytes } = visitedNetwork(seed, index);
    const costs = kernels.map((kernel) => predictKernel(fits, kernel));
    if (costs.includes(null)) return [];
    const kernelSeconds = costs.reduce<number>((sum, one) => sum + one!, 0);
    const seconds = least(samples.map((sample) => sample.seconds));
    const cold = least(samples.map((sample) => sample.cold));
    return [{ kernels, kernelSeconds, weightBytes, seconds, cold }];
  });
  return times.length === 0 ? null : fitInference(times);
}

/** What batches take beyond one image; null where too few were measured for that. */
function batchesOf(
  samples: readonly BatchSample[],
  networks: readonly NetworkBatchSample[],
  fits: ReadonlyMap<LatencyFamily, FamilyFit>,
  seed: number,
): BatchFindings | null {
  const known = networks.flatMap(({ index, seconds }) => {
    const kernels = sampledNetwork(seed, index).kernels.map((kernel) => ({
      kernel,
      seconds: predictKernel(fits, kernel),
    }));
    return kernels.every((one): one is { kernel: Kernel; seconds: number } => one.seconds !== null)
      ? [{ kernels, seconds }]
      : [];
  });
  const fit = fitBatches(samples, known, batchSizes, (family) => fits.get(family)?.learned.work);
  return fit.families.size === 0 ? null : { samples, networks, fit };
}
