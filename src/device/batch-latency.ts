import { complain } from '../foundation/index.js';
import type { Kernel } from '../kernel/index.js';
import type { BatchFamily, BatchSection } from './batch-schema.js';
import { batchTerms, isOwnWork } from './batch-terms.js';
import type { Cost } from './cost.js';
import { familyFallbacks, type LatencyFamily, latencyFamilies, latencyFamily } from './family.js';
import { kernelCost } from './latency.js';
import type { DeviceProfile } from './profile.js';

type Known = Pick<Kernel, 'family' | 'shape' | 'flops' | 'bytes'>;

/** What a profile knows of batches of one latency family. */
export interface BatchFamilyModel {
  readonly fit: Pick<BatchFamily, 'work' | 'call' | 'longest'> & {
    readonly leftOut?: BatchFamily['leftOut'];
  };
  /** Seconds for one of each kind of work as kernels of one image told, for what no batch was measured of. */
  readonly expected: Readonly<Record<string, number>>;
  /** Operators with their activations that were measured. */
  readonly operators: ReadonlySet<string>;
  /** FLOP and bytes among the measured kernels: from the least of one image to the most of the largest batch. */
  readonly ranges: readonly [flops: Span, bytes: Span];
}

type LearnedFamilies = NonNullable<DeviceProfile['latency']['learned']>[string];
type Span = readonly [low: number, high: number];

/** A kernel that was measured at several batches, in turns. */
export interface MeasuredBatches extends Known {
  /** At each batch. */
  readonly seconds: readonly number[];
}

/**
 * What a profile knows of batches.
 * @throws NonnError if it knows nothing, as profiles of published figures, which are of one image.
 */
export function batchSection(profile: DeviceProfile, threads: number): BatchSection {
  const section = profile.latency.batch?.[String(threads)];
  if (section !== undefined) return section;
  throw complain({
    file: `profile ${profile.name}`,
    path: `latency.batch.${threads}`,
    found: 'nothing measured of batches, only of one image',
    expected: 'a profile of "nonn calibrate" of 30 s or more',
  });
}

/**
 * Seconds of a kernel for a batch: those of one image, and of what more images are to do (`batchTerms`). Never less than
 * one image takes, and never less than a smaller batch. Of an operator that no batch was measured of, one image tells what
 * its work takes; if that tells nothing either, each image takes as long again as one takes beyond a call. Both are
 * extrapolated, as is a batch larger than those that were measured, or more work.
 * The interval has the errors of one image and of the batch, which have nothing to do with each other.
 *
 * @throws NonnError if the profile does not know batches, or one image.
 */
export function batchKernelCost(
  profile: DeviceProfile,
  threads: number,
  kernel: Kernel,
  batch: number,
): Cost {
  const one = kernelCost(profile, threads, kernel);
  if (batch === 1) return one;
  const section = batchSection(profile, threads);
  const wanted = latencyFamily(kernel);
  const models = batchModels(section, profile.latency.learned?.[String(threads)]);
  const family = [wanted, ...familyFallbacks[wanted]].find((name) => models.has(name));
  const model = family === undefined ? undefined : models.get(family);
  const isKnown = family === wanted && isInside(model!, kernel, batch) && batch <= section.sizes.at(-1)!;
  const seconds = batchSeconds(model, kernel, one.seconds, batch);
  const spread = Math.hypot(Math.log(one.high / one.seconds), model?.fit.leftOut?.spread ?? 0);
  return {
    seconds,
    low: seconds * Math.exp(-spread),
    high: seconds * Math.exp(spread),
    source: isKnown ? one.source : 'extrapolated',
  };
}

/** Seconds of a batch from those of one image. */
export function batchSeconds(
  model: BatchFamilyModel | undefined,
  kernel: Known,
  one: number,
  batch: number,
): number {
  if (model === undefined) return batch * one;
  const { work, call, longest } = model.fit;
  const beyondCall = Math.max(0, one - call);
  const terms = batchTerms(kernel, batch, beyondCall);
  const perWork = (name: string) => work[name] ?? model.expected[name];
  if (!terms.some(([name]) => isOwnWork(name) && perWork(name) !== undefined))
    return one + (batch - 1) * beyondCall;
  const more = terms.reduce((sum, [name, amount]) => sum + amount * (perWork(name) ?? 0), 0);
  return Math.min(one + more, longest * batch * one);
}

/**
 * Makes what was fitted to a family ready for predictions, with the kernels that it was fitted to.
 * @param largest images of the largest batch that was measured.
 */
export function batchFamilyModel(
  fit: BatchFamilyModel['fit'],
  kernels: readonly Known[],
  largest: number,
  expected: BatchFamilyModel['expected'] = {},
): BatchFamilyModel {
  const rangeOf = (values: readonly number[]) => spanOf(values, largest);
  return {
    fit,
    expected,
    operators: new Set(kernels.map(operatorOf)),
    ranges: [rangeOf(kernels.map(({ flops }) => flops)), rangeOf(kernels.map(({ bytes }) => bytes))],
  };
}

/** Kernels that a profile's batches were measured on, with their seconds at each batch. */
export function measuredBatches({ sizes, tables }: BatchSection): readonly MeasuredBatches[] {
  return tables.flatMap(({ operator, fields, rows }) =>
    rows.map((row) => {
      const numbers = row.split(' ').map(Number);
      const shape = Object.fromEntries(fields.map((field, index) => [field, numbers[index]!]));
      const [flops, bytes] = numbers.slice(fields.length) as [number, number];
      return { family: operator, shape, flops, bytes, seconds: numbers.slice(-sizes.length) };
    }),
  );
}

function batchModels(
  section: BatchSection,
  learned: LearnedFamilies | undefined,
): ReadonlyMap<LatencyFamily, BatchFamilyModel> {
  let models = known.get(section);
  if (models === undefined) {
    const kernels = measuredBatches(section);
    const largest = section.sizes.at(-1)!;
    models = new Map(
      latencyFamilies.flatMap((family) => {
        const fit = section.families[family];
        const ofFamily = kernels.filter((kernel) => latencyFamily(kernel) === family);
        return fit === undefined || ofFamily.length === 0
          ? []
          : [[family, batchFamilyModel(fit, ofFamily, largest, learned?.[family]?.work)] as const];
      }),
    );
    known.set(section, models);
  }
  return models;
}

function isInside(
  { operators, ranges: [flops, bytes] }: BatchFamilyModel,
  kernel: Known,
  batch: number,
): boolean {
  const within = (value: number, [low, high]: Span) => value >= low && batch * value <= high;
  return operators.has(operatorOf(kernel)) && within(kernel.flops, flops) && within(kernel.bytes, bytes);
}

/** Activations run code of their own, which kernels with others say nothing about. */
function operatorOf({ family, shape }: Pick<Known, 'family' | 'shape'>): string {
  return `${family} ${shape['activation'] ?? ''}`;
}

function spanOf(values: readonly number[], largest: number): Span {
  return [
    values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    largest * values.reduce((a, b) => Math.max(a, b), 0),
  ];
}

const known = new WeakMap<BatchSection, ReadonlyMap<LatencyFamily, BatchFamilyModel>>();
