import { quantile } from 'simple-statistics';
import {
  baseSeconds,
  familyFallbacks,
  fitRoofline,
  type LatencyFamily,
  type LearnedFamily,
  type LearnedLatency,
  latencyFamilies,
  latencyFamily,
  latencyFeature,
  learnedFamily,
  learnedSeconds,
  type MeasuredKernel,
  unsteadiness,
  workSeconds,
  workShare,
} from '../device/index.js';
import { type RandomStream, randomStream } from '../foundation/index.js';
import { learnedFeatures, partFeatures } from './features.js';
import { fitField } from './field-fit.js';
import { fitWork } from './work-fit.js';

/** `max(flops / rate, bytes / bandwidth) + overhead`. */
export interface Base {
  readonly rate: number;
  readonly bandwidth: number;
  readonly overhead: number;
}

/** What was learned of a family, but for its source. */
export type Learned = Omit<LearnedLatency, 'source' | 'citation' | 'date'>;

/** What was fitted to the kernels of one family. */
export interface FamilyFit {
  readonly base: Base;
  readonly learned: Learned;
  readonly kernels: readonly MeasuredKernel[];
  /** Predictions of kernels by fits that did not see them, beside what was measured. */
  readonly leftOut: readonly Prediction[];
  /** The bases of those fits: how far the parameters depend on what happened to be sampled. */
  readonly leftOutBases: readonly Base[];
}

/** What a fit depends on beside the kernels. */
export interface FitOptions {
  readonly seed: number;
  /** Seconds of the whole calibration, of which the fit takes its share. */
  readonly budget: number;
}

export interface Prediction {
  readonly kernel: MeasuredKernel;
  readonly predicted: number;
  readonly measured: number;
}

/** Families with fewer kernels get no parameters of their own. */
const FEWEST_KERNELS = 8;
const FOLDS = 5;
/** Kernels of a family that are left out, each once, at the most; the errors of so many tell enough. */
const MOST_LEFT_OUT = 500;
const LEFT_OUT_OF_SECOND = 2;
/** Measured kernels that one prediction looks at: from 48 to 120 up to half a point more kernels come within 10 %. */
const NEIGHBOURS = 80;
/** Kernels that the lengths are found by, at the most; short budgets leave time for few, as it takes their number cubed. */
const MOST_FIELD_KERNELS = 400;
const FIELD_KERNELS = { least: 60, ofSecond: 1.15 };
/** How much the priors weigh beside the samples: enough for a parameter that no sample tells anything about. */
const PRIOR_STRENGTH = 1e-3;
/** No processor that this runs on does more FLOP, or moves more bytes, a second. */
const FASTEST = 1e13;
/** Shorter times are as much the clock's as the kernel's. */
const CLOCK_SECONDS = 3e-6;

/**
 * Fits each family: a roofline base, what each kind of work takes, and how the rest varies between measured kernels, with
 * errors by 5-fold cross-validation.
 */
export function fitFamilies(
  samples: readonly MeasuredKernel[],
  options: FitOptions,
): ReadonlyMap<LatencyFamily, FamilyFit> {
  const fits = new Map<LatencyFamily, FamilyFit>();
  for (const family of latencyFamilies) {
    const kernels = samples.filter((kernel) => latencyFamily(kernel) === family);
    if (kernels.length < FEWEST_KERNELS) continue;
    const draw = randomStream(options.seed, `calibrate/fit/${family}`);
    const learned = learn(family, kernels, draw, options);
    const base = fitBase(kernels);
    fits.set(family, { base, learned, kernels, ...crossValidate(kernels, learned, draw, options) });
  }
  return fits;
}

/**
 * Seconds as learned; by the base alone outside the sampled range, and by that of a relative where the family has none, as
 * the cost model has it. Null where no relative has one either.
 */
export function predictKernel(
  fits: ReadonlyMap<LatencyFamily, FamilyFit>,
  kernel: Pick<MeasuredKernel, 'family' | 'shape' | 'flops' | 'bytes'>,
): number | null {
  const wanted = latencyFamily(kernel);
  const fit = fits.get(wanted);
  if (fit === undefined) {
    const relative = familyFallbacks[wanted].find((family) => fits.has(family));
    return relative === undefined ? null : baseSeconds(fits.get(relative)!.base, kernel);
  }
  let family = readied.get(fit);
  if (family === undefined) {
    family = ready(fit.learned, fit.kernels);
    readied.set(fit, family);
  }
  return learnedSeconds(family, kernel) ?? baseSeconds(fit.base, kernel);
}

const readied = new WeakMap<FamilyFit, LearnedFamily>();

function ready(learned: Learned, kernels: readonly MeasuredKernel[]): LearnedFamily {
  return learnedFamily({ ...learned, source: 'measured', citation: '-', date: '-' }, kernels);
}

function learn(
  family: LatencyFamily,
  kernels: readonly MeasuredKernel[],
  draw: RandomStream,
  { budget }: FitOptions,
): Learned {
  const work = fitWork(kernels);
  // Features of operators that were not measured could tell nothing apart.
  const known = (names: readonly string[]) =>
    names.filter((name) => kernels.some((kernel) => latencyFeature(name, kernel) !== undefined));
  const features = known(learnedFeatures[family]);
  const parts = (partFeatures[family] ?? []).map((part) => ({ ...part, features: known(part.features) }));
  const { least, ofSecond } = FIELD_KERNELS;
  const count = Math.min(MOST_FIELD_KERNELS, least + ofSecond * budget);
  const chosen = shuffled(kernels, draw).slice(0, count);
  const pointsOf = (names: readonly string[]) =>
    chosen.map((kernel) => names.map((name) => latencyFeature(name, kernel) ?? 0));
  const left = chosen.map((kernel) => Math.log(kernel.seconds / workSeconds(work, kernel)));
  const fit = fitField(
    [
      { points: pointsOf(features), shares: chosen.map(() => 1) },
      ...parts.map(({ of, features }) => ({
        points: pointsOf(features),
        shares: chosen.map((kernel) => workShare(of, work, kernel)),
      })),
    ],
    left,
    chosen.map((kernel) => unsteadiness(work, kernel)),
  );
  const [whole, ...ofParts] = fit.parts.map(({ lengths, signal }) => ({ lengths: [...lengths], signal }));
  const { noise, weightNoise } = fit;
  return {
    work,
    features,
    ...whole!,
    noise,
    ...(weightNoise === 0 ? {} : { weightNoise }),
    ...(parts.length === 0
      ? {}
      : { parts: parts.map(({ of, features }, part) => ({ of, features, ...ofParts[part]! })) }),
    neighbours: NEIGHBOURS,
  };
}

function shuffled<T>(values: readonly T[], draw: RandomStream): readonly T[] {
  const copy = [...values];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = draw.integer(last + 1);
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}

/** What the fastest tenth of kernels reach: the others are slowed by something else than this limit. */
function fast(values: readonly number[]): number {
  return quantile([...values], 0.1);
}

/** The roofline of a family, by relative least squares; single kernels are the rows. */
function fitBase(kernels: readonly MeasuredKernel[]): Base {
  const working = kernels.filter(({ flops }) => flops > 0);
  const prior = [
    working.length > 0 ? fast(working.map(({ flops, seconds }) => seconds / flops)) : 1 / FASTEST,
    fast(kernels.map(({ bytes, seconds }) => seconds / bytes)),
    fast(kernels.map(({ seconds }) => seconds)),
  ];
  const rows = kernels.map(({ flops, bytes, seconds }) => ({
    kernels: [{ family: 0, count: 1, flops, bytes }],
    seconds,
    weight: Math.min(1, seconds / CLOCK_SECONDS),
  }));
  const [perFlop, perByte, overhead] = fitRoofline(rows, prior, PRIOR_STRENGTH, [
    1 / FASTEST,
    1 / FASTEST,
    0,
  ]);
  return { rate: 1 / perFlop!, bandwidth: 1 / perByte!, overhead: overhead! };
}

/** Lengths stay those of all kernels: they are few, and a fifth of the kernels hardly moves them. */
function crossValidate(
  kernels: readonly MeasuredKernel[],
  learned: Learned,
  draw: RandomStream,
  { budget }: FitOptions,
): Pick<FamilyFit, 'leftOut' | 'leftOutBases'> {
  const all = shuffled(kernels, draw);
  const most = Math.min(MOST_LEFT_OUT, 50 + LEFT_OUT_OF_SECOND * budget);
  const leftOut: Prediction[] = [];
  const leftOutBases: Base[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const seen = all.filter((_, index) => index % FOLDS !== fold);
    const base = fitBase(seen);
    leftOutBases.push(base);
    const family = ready({ ...learned, work: fitWork(seen) }, seen);
    const left = all.filter((_, index) => index % FOLDS === fold).slice(0, most / FOLDS);
    for (const kernel of left) {
      const predicted = learnedSeconds(family, kernel) ?? baseSeconds(base, kernel);
      leftOut.push({ kernel, predicted, measured: kernel.seconds });
    }
  }
  return { leftOut, leftOutBases };
}
