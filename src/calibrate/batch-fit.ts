import { mean } from 'simple-statistics';
import {
  type BatchErrors,
  type BatchFamily,
  type BatchFamilyModel,
  batchFamilyModel,
  batchSeconds,
  batchTerms,
  familyFallbacks,
  type LatencyFamily,
  latencyFamilies,
  latencyFamily,
} from '../device/index.js';
import type { Kernel } from '../kernel/index.js';
import { errorsOf } from './errors.js';
import type { BatchSample } from './measure-batches.js';
import { fitAmounts } from './work-fit.js';

/** A whole network that was measured at several batches: its kernels, with their seconds for one image by themselves. */
export interface NetworkBatches {
  readonly kernels: readonly { readonly kernel: Kernel; readonly seconds: number }[];
  /** At each batch. */
  readonly seconds: readonly number[];
}

/** What was fitted to batches; see `latency.batch` of a profile. */
export interface BatchFit {
  readonly families: ReadonlyMap<LatencyFamily, BatchFamily>;
  readonly network?: { readonly factor: number; readonly leftOut: BatchErrors };
}

type Work = Readonly<Record<string, number>>;

/** Families with fewer kernels get nothing of their own. */
const FEWEST_KERNELS = 4;
const FEWEST_NETWORKS = 3;
const FOLDS = 5;

/**
 * Fits to each family what further images take, by non-negative relative least squares over kinds of work; then the factor by
 * which they take longer in whole networks. Errors are of kernels left out, in five folds, and of networks left out one at
 * a time, each predicted from its own seconds of one image.
 *
 * @param sizes images of the batches, from 1.
 * @param expected seconds for one of each kind of work of a family, as kernels told that ran for one image.
 */
export function fitBatches(
  samples: readonly BatchSample[],
  networks: readonly NetworkBatches[],
  sizes: readonly number[],
  expected: (family: LatencyFamily) => Work | undefined,
): BatchFit {
  const families = new Map<LatencyFamily, BatchFamily>();
  const models = new Map<LatencyFamily, BatchFamilyModel>();
  for (const family of latencyFamilies) {
    const kernels = samples.filter(({ kernel }) => latencyFamily(kernel) === family);
    if (kernels.length < FEWEST_KERNELS) continue;
    const fit = fitFamily(kernels, sizes, expected(family));
    families.set(family, { ...fit, leftOut: crossValidate(kernels, sizes, expected(family)) });
    models.set(
      family,
      batchFamilyModel(
        fit,
        kernels.map(({ kernel }) => kernel),
        sizes.at(-1)!,
        expected(family),
      ),
    );
  }
  if (networks.length < FEWEST_NETWORKS || families.size === 0) return { families };
  const further = networks.map((network) => furtherSeconds(network, models, sizes));
  const factorWithout = (left: number) => fitFactor(networks, further, left);
  const errors = networks.flatMap(({ seconds }, index) => {
    const factor = factorWithout(index);
    return predictions(seconds, sizes, (at) => seconds[0]! + factor * further[index]![at]!);
  });
  return { families, network: { factor: factorWithout(-1), leftOut: batchErrors(errors) } };
}

function fitFamily(
  kernels: readonly BatchSample[],
  sizes: readonly number[],
  expected: Work | undefined,
): Pick<BatchFamily, 'work' | 'call' | 'longest'> {
  const call = kernels.reduce(
    (fewest, { seconds }) => Math.min(fewest, seconds[0]!),
    Number.POSITIVE_INFINITY,
  );
  const rows = kernels.flatMap(({ kernel, seconds }) =>
    sizes.slice(1).map((batch, index) => ({
      terms: batchTerms(kernel, batch, seconds[0]! - call),
      seconds: seconds[index + 1]!,
      known: seconds[0]!,
    })),
  );
  const nothing = Object.fromEntries(rows.flatMap(({ terms }) => terms.map(([name]) => [name, 0])));
  const ratios = kernels.flatMap(({ seconds }) =>
    sizes.map((batch, index) => seconds[index]! / (batch * seconds[0]!)),
  );
  return {
    // What takes nothing is kept: other than of what was not measured, that is known of it.
    work: { ...nothing, ...fitAmounts(rows, expected) },
    call: rounded(call),
    longest: rounded(ratios.reduce((a, b) => Math.max(a, b), 1)),
  };
}

function crossValidate(
  kernels: readonly BatchSample[],
  sizes: readonly number[],
  expected: Work | undefined,
): BatchErrors {
  const errors = Array.from({ length: FOLDS }, (_, fold) => {
    const seen = kernels.filter((_, index) => index % FOLDS !== fold);
    const model = batchFamilyModel(
      fitFamily(seen, sizes, expected),
      seen.map(({ kernel }) => kernel),
      sizes.at(-1)!,
      expected,
    );
    return kernels
      .filter((_, index) => index % FOLDS === fold)
      .flatMap(({ kernel, seconds }) =>
        predictions(seconds, sizes, (at) => batchSeconds(model, kernel, seconds[0]!, sizes[at]!)),
      );
  });
  return batchErrors(errors.flat());
}

/** What the further images take in a network's kernels by themselves, at each batch. */
function furtherSeconds(
  { kernels }: NetworkBatches,
  models: ReadonlyMap<LatencyFamily, BatchFamilyModel>,
  sizes: readonly number[],
): readonly number[] {
  return sizes.map((batch) =>
    kernels.reduce((sum, { kernel, seconds }) => {
      const wanted = latencyFamily(kernel);
      const family = [wanted, ...familyFallbacks[wanted]].find((name) => models.has(name));
      const model = family === undefined ? undefined : models.get(family);
      return sum + batchSeconds(model, kernel, seconds, batch) - seconds;
    }, 0),
  );
}

/** @param left index of a network that is left out. */
function fitFactor(
  networks: readonly NetworkBatches[],
  further: readonly (readonly number[])[],
  left: number,
): number {
  const rows = networks.flatMap(({ seconds }, index) =>
    index === left
      ? []
      : seconds.slice(1).map((measured, at) => ({
          terms: [['further', further[index]![at + 1]!]] as const,
          seconds: measured,
          known: seconds[0]!,
        })),
  );
  return fitAmounts(rows)['further'] ?? 1;
}

interface BatchPredicted {
  readonly predicted: number;
  readonly measured: number;
  readonly proportional: number;
}

/** Predictions of all batches but that of one image. */
function predictions(
  seconds: readonly number[],
  sizes: readonly number[],
  predict: (at: number) => number,
): readonly BatchPredicted[] {
  return sizes.slice(1).map((batch, index) => ({
    predicted: predict(index + 1),
    measured: seconds[index + 1]!,
    proportional: batch * seconds[0]!,
  }));
}

function batchErrors(rows: readonly BatchPredicted[]): BatchErrors {
  const ofProportional = rows.map(({ proportional, measured }) => Math.abs(proportional / measured - 1));
  return { ...errorsOf(rows), proportional: rounded(mean(ofProportional)) };
}

/** More digits than any measurement has. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
