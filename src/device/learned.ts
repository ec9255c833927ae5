import type { Kernel } from '../kernel/index.js';
import type { LatencyFamily } from './family.js';
import { type Field, type FieldPlace, krige } from './kriging.js';
import { latencyFeature } from './latency-feature.js';
import type { LearnedLatency } from './learned-schema.js';
import { type MeasuredKernel, measuredKernels } from './measured-kernels.js';
import type { DeviceProfile } from './profile.js';
import { unsteadiness, type WorkPart, workShare } from './work-parts.js';
import { isView, workTerms } from './work-terms.js';

type Known = Pick<Kernel, 'family' | 'shape' | 'flops' | 'bytes'>;

/**
 * What was learned of a family: seconds of a kernel are a sum over the kinds of its work (`workTerms`) times a factor
 * that is interpolated in log space between kernels that were measured (`krige`). The factor's logarithm is that of the whole,
 * and of parts by their share of the time: where products are half of it, what they are off by counts half.
 */
export interface LearnedFamily {
  readonly learned: LearnedLatency;
  readonly field: Field;
  /** Least and most of each feature among the measured kernels, and of FLOP and bytes. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** Operators with their activations. */
  readonly operators: ReadonlySet<string>;
}

/** Makes what was learned ready for predictions, with the kernels that it was learned from. */
export function learnedFamily(learned: LearnedLatency, kernels: readonly MeasuredKernel[]): LearnedFamily {
  const { work, noise, weightNoise = 0 } = learned;
  const rows = kernels.map((kernel) => featuresOf(learned, kernel));
  const places = kernels.map((kernel) => placeOf(learned, kernel));
  return {
    learned,
    field: {
      parts: partsOf(learned).map(({ signal }, part) => ({
        points: places.map((place) => place[part]!.point),
        shares: Float64Array.from(places, (place) => place[part]!.share),
        signal,
      })),
      values: Float64Array.from(kernels, (kernel) => Math.log(kernel.seconds / workSeconds(work, kernel))),
      noise: Float64Array.from(kernels, (kernel) =>
        weightNoise === 0 ? noise : noise + weightNoise * unsteadiness(work, kernel),
      ),
    },
    ranges: rangesOf(kernels.map((kernel, index) => [...rows[index]!, kernel.flops, kernel.bytes])),
    operators: oftenEnough(kernels.map(operatorOf)),
  };
}

/**
 * Seconds of a kernel as learned, or null outside what was measured: nothing is known there.
 * @param left index of a measured kernel that is left out.
 */
export function learnedSeconds(family: LearnedFamily, kernel: Known, left = -1): number | null {
  const { learned, field, ranges, operators } = family;
  const features = featuresOf(learned, kernel);
  const isInside = [...features, kernel.flops, kernel.bytes].every(
    (value, index) => value >= ranges[index]![0] && value <= ranges[index]![1],
  );
  if (!(isInside || isView(kernel)) || !operators.has(operatorOf(kernel))) return null;
  const factor = krige(field, placeOf(learned, kernel), learned.neighbours, left);
  return workSeconds(learned.work, kernel) * Math.exp(factor);
}

/** What a profile learned of a family; undefined where it learned nothing. */
export function learnedOf(
  profile: DeviceProfile,
  threads: number,
  family: LatencyFamily,
): LearnedFamily | undefined {
  const learned = profile.latency.learned?.[String(threads)]?.[family];
  if (learned === undefined) return undefined;
  let ready = known.get(learned);
  if (ready === undefined) {
    ready = learnedFamily(learned, measuredKernels(profile, threads).get(family) ?? []);
    known.set(learned, ready);
  }
  return ready.field.values.length === 0 ? undefined : ready;
}

/** The sum over the kinds of work, in seconds; of kinds that were never measured nothing is known. */
export function workSeconds(work: Readonly<Record<string, number>>, kernel: Known): number {
  let seconds = LEAST_SECONDS;
  for (const [name, amount] of workTerms(kernel)) seconds += amount * (work[name] ?? 0);
  return seconds;
}

/** Nothing is faster: keeps logarithms finite. */
const LEAST_SECONDS = 1e-9;

function featuresOf({ features }: LearnedLatency, kernel: Known): readonly number[] {
  return features.map((name) => latencyFeature(name, kernel) ?? 0);
}

/** Part of a field, of the whole time where it is of nothing else. */
type LearnedPart = Pick<LearnedLatency, 'features' | 'lengths' | 'signal'> & { readonly of?: WorkPart };

function partsOf(learned: LearnedLatency): readonly LearnedPart[] {
  return [learned, ...(learned.parts ?? [])];
}

function placeOf(learned: LearnedLatency, kernel: Known): FieldPlace {
  return partsOf(learned).map(({ of, features, lengths }) => ({
    point: Float64Array.from(
      features,
      (name, index) => (latencyFeature(name, kernel) ?? 0) / lengths[index]!,
    ),
    share: of === undefined ? 1 : workShare(of, learned.work, kernel),
  }));
}

/** Operators that were measured often enough for something to be learned of them. */
function oftenEnough(operators: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const operator of operators) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return new Set([...counts].flatMap(([operator, count]) => (count < FEWEST ? [] : [operator])));
}

const FEWEST = 5;

/** Activations run code of their own, which kernels with others say nothing about. */
function operatorOf({ family, shape }: Known): string {
  return `${family} ${shape['activation'] ?? ''}`;
}

function rangesOf(rows: readonly (readonly number[])[]): readonly (readonly [number, number])[] {
  const [first = []] = rows;
  return first.map((_, column) => {
    const values = rows.map((row) => row[column]!);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const;
  });
}

const known = new WeakMap<LearnedLatency, LearnedFamily>();
