import { quantile } from 'simple-statistics';
import {
  baseSeconds,
  type FamilyResidual,
  fitRoofline,
  type LatencyFamily,
  latencyFamilies,
  latencyFamily,
  latencyFeatures,
  residualAt,
} from '../device/index.js';
import { randomStream } from '../foundation/index.js';
import type { Kernel } from '../kernel/index.js';
import { residualFeatures } from './features.js';

/** A kernel and the seconds that it took. */
export interface Timed {
  readonly kernel: Kernel;
  readonly seconds: number;
}

/** `max(flops / rate, bytes / bandwidth) + overhead`. */
export interface Base {
  readonly rate: number;
  readonly bandwidth: number;
  readonly overhead: number;
}

/** What was fitted to the kernels of one family. */
export interface FamilyFit {
  readonly base: Base;
  readonly residual: Pick<FamilyResidual, 'features' | 'neighbours' | 'points' | 'residuals'>;
  readonly kernels: readonly Timed[];
  /** Predictions of kernels by fits that did not see them, beside what was measured. */
  readonly leftOut: readonly Prediction[];
  /** The bases of those fits: how far the parameters depend on what happened to be sampled. */
  readonly leftOutBases: readonly Base[];
}

export interface Prediction {
  readonly predicted: number;
  readonly measured: number;
}

/** Families with fewer kernels get no parameters of their own. */
const FEWEST_KERNELS = 8;
const FOLDS = 5;
const NEIGHBOURS = 4;
/** How much the priors weigh beside the samples: enough for a parameter that no sample tells anything about. */
const PRIOR_STRENGTH = 1e-3;
/** No processor that this runs on does more FLOP, or moves more bytes, a second. */
const FASTEST = 1e13;
/** Shorter times are as much the clock's as the kernel's. */
const CLOCK_SECONDS = 3e-6;
/** Digits that features and residuals keep in a profile. */
const DIGITS = 1e5;

/** Fits each family: a roofline base, and a residual at the nearest samples, with errors by 5-fold cross-validation. */
export function fitFamilies(samples: readonly Timed[], seed: number): ReadonlyMap<LatencyFamily, FamilyFit> {
  const fits = new Map<LatencyFamily, FamilyFit>();
  for (const family of latencyFamilies) {
    const kernels = samples.filter(({ kernel }) => latencyFamily(kernel) === family);
    if (kernels.length < FEWEST_KERNELS) continue;
    fits.set(family, {
      ...fitFamily(family, kernels),
      ...crossValidate(family, kernels, seed),
      kernels,
    });
  }
  return fits;
}

/** Seconds by base and residual; the base alone outside the sampled range, as the cost model has it. */
export function predictTimed(
  { base, residual }: Pick<FamilyFit, 'base' | 'residual'>,
  kernel: Kernel,
): number {
  const learned = residualAt(residual as FamilyResidual, kernel) ?? 0;
  return baseSeconds(base, kernel) * Math.exp(learned);
}

function fitFamily(family: LatencyFamily, kernels: readonly Timed[]): Pick<FamilyFit, 'base' | 'residual'> {
  const base = fitBase(kernels);
  const features = [...residualFeatures[family]];
  return {
    base,
    residual: {
      features,
      neighbours: NEIGHBOURS,
      points: kernels.map(({ kernel }) => {
        const values = latencyFeatures(kernel);
        return features.map((name) => rounded(values.get(name) ?? 0));
      }),
      residuals: kernels.map(({ kernel, seconds }) => rounded(Math.log(seconds / baseSeconds(base, kernel)))),
    },
  };
}

/** What the fastest tenth of kernels reach: the others are slowed by something else than this limit. */
function fast(values: readonly number[]): number {
  return quantile([...values], 0.1);
}

/** The roofline of a family, by relative least squares; single kernels are the rows. */
function fitBase(kernels: readonly Timed[]): Base {
  const working = kernels.filter(({ kernel }) => kernel.flops > 0);
  const prior = [
    working.length > 0 ? fast(working.map(({ kernel, seconds }) => seconds / kernel.flops)) : 1 / FASTEST,
    fast(kernels.map(({ kernel, seconds }) => seconds / kernel.bytes)),
    fast(kernels.map(({ seconds }) => seconds)),
  ];
  const rows = kernels.map(({ kernel: { flops, bytes }, seconds }) => ({
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

function crossValidate(
  family: LatencyFamily,
  kernels: readonly Timed[],
  seed: number,
): Pick<FamilyFit, 'leftOut' | 'leftOutBases'> {
  const draw = randomStream(seed, `calibrate/folds/${family}`);
  const fold = kernels.map((_, index) => (index + draw.integer(FOLDS)) % FOLDS);
  const leftOut: Prediction[] = [];
  const leftOutBases: Base[] = [];
  for (let left = 0; left < FOLDS; left++) {
    const seen = kernels.filter((_, index) => fold[index] !== left);
    const fit = fitFamily(family, seen);
    leftOutBases.push(fit.base);
    for (const [index, { kernel, seconds }] of kernels.entries())
      if (fold[index] === left) leftOut.push({ predicted: predictTimed(fit, kernel), measured: seconds });
  }
  return { leftOut, leftOutBases };
}

function rounded(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
