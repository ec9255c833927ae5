import { NonnError } from '../foundation/index.js';
import { FLOAT_BYTES, type Kernel, type Work } from '../kernel/index.js';
import type { Cost } from './cost.js';
import {
  familyFallbacks,
  isUnknownOperator,
  type LatencyFamily,
  latencyFamily,
  transcendentalElements,
} from './family.js';
import { learnedOf, learnedSeconds } from './learned.js';
import type { DeviceProfile, FamilyBase, RefillProfile } from './profile.js';
import { movedBytes, refilledBytes } from './refill.js';
import { groupSeconds, rowLength, shapeFactor, type WorkShape, workShape } from './shape-effect.js';
import { figureOf, intervalOf, type Sourced } from './sourced.js';

/**
 * Seconds of one kernel: `max(flops / rate, bytes / bandwidth) + overhead` of its family (Williams, Waterman,
 * Patterson, "Roofline", CACM 2009, plus the fixed cost of a call), with what small sizes of a convolution cost more
 * where the profile knows it (`shape-effect.ts`), times the learned residual inside the range that
 * was sampled. The interval is that of the errors of what was left out of the fit.
 *
 * `extrapolated` where the base alone has to answer for a kernel outside its range, a family that the profile lacks
 * or an operator that nobody knows.
 *
 * @throws NonnError if the profile has no such number of threads, or does not know a figure that is needed.
 */
export function kernelCost(profile: DeviceProfile, threads: number, kernel: Kernel): Cost {
  const known = memory(profile, threads);
  let cost = known.get(kernel.key);
  if (cost === undefined) {
    cost = computeKernelCost(profile, threads, kernel);
    known.set(kernel.key, cost);
  }
  return cost;
}

/**
 * Seconds of any work that a profile can tell: kernels one after the other, or bytes encoded or decoded.
 * @param moved bytes that all kernels move that the device runs in an inference; those of this work where left out.
 * @throws NonnError for work of kind `flops`, which needs a device with a speed of its own.
 */
export function workCost(profile: DeviceProfile, threads: number, work: Work, moved?: number): Cost {
  switch (work.kind) {
    case 'kernels':
      return kernelsCost(profile, threads, work.kernels, moved);
    case 'encode':
    case 'decode':
      return codecCost(profile, work.kind, work.bytes);
    case 'flops':
      throw new NonnError(
        `profile ${profile.name}: found work of bare FLOP, expected kernels; a plan of FLOP needs devices with a "speed"`,
      );
  }
}

/**
 * Kernels that run one after the other, with what that takes beside them where the profile knows it: the calls, and weights
 * that are brought in again.
 * @param moved bytes that all kernels move that the device runs in an inference; those of these where left out.
 */
export function kernelsCost(
  profile: DeviceProfile,
  threads: number,
  kernels: readonly Kernel[],
  moved = movedBytes(kernels),
): Cost {
  const sum = sumOfCosts(kernels.map((kernel) => kernelCost(profile, threads, kernel)));
  const beside = profile.latency.inference?.[String(threads)];
  if (beside === undefined) return sum;
  const factor = figureOf(beside.factor) ?? 1;
  const calls = kernels.length * (figureOf(beside.perKernel) ?? 0);
  const refill = refillCost(beside.refill, kernels, moved);
  const longer = (end: 'seconds' | 'low' | 'high') => factor * sum[end] + calls + refill[end];
  return { seconds: longer('seconds'), low: longer('low'), high: longer('high'), source: sum.source };
}

function refillCost(
  refill: RefillProfile | undefined,
  kernels: readonly Kernel[],
  moved: number,
): Omit<Cost, 'source'> {
  const from = figureOf(refill?.from);
  const until = figureOf(refill?.until);
  if (refill === undefined || 'unknown' in refill.perWeightByte || from === null || until === null)
    return { seconds: 0, low: 0, high: 0 };
  const bounds = { from, until };
  const bytes = kernels.reduce((total, kernel) => total + refilledBytes(bounds, kernel, moved), 0);
  const [low, high] = intervalOf(refill.perWeightByte);
  return { seconds: refill.perWeightByte.value * bytes, low: low * bytes, high: high * bytes };
}

/** Costs one after the other: their intervals move together, since the profile's error is common to all. */
export function sumOfCosts(costs: readonly Cost[]): Cost {
  let seconds = 0;
  let low = 0;
  let high = 0;
  let source: Cost['source'] = 'predicted';
  for (const cost of costs) {
    seconds += cost.seconds;
    low += cost.low;
    high += cost.high;
    if (cost.source === 'extrapolated') source = 'extrapolated';
  }
  return { seconds, low, high, source };
}

/** The roofline base alone, in seconds: what residuals correct and naive models are compared with. */
export function baseSeconds(
  base: { readonly rate: number; readonly bandwidth: number; readonly overhead: number },
  kernel: Pick<Kernel, 'flops' | 'bytes'>,
): number {
  return Math.max(kernel.flops / base.rate, kernel.bytes / base.bandwidth) + base.overhead;
}

/** The roofline with what small sizes, groups and costly activations add where the profile knows it, in seconds. */
export function shapedSeconds(
  base: FamilyBase,
  figures: { readonly rate: number; readonly bandwidth: number; readonly overhead: number },
  work: WorkShape & {
    readonly flops: number;
    readonly bytes: number;
    readonly transcendental: number;
    readonly row?: number;
  },
): number {
  const { flops, bytes, transcendental, groups } = work;
  const costly = transcendental * (figureOf(base.transcendental) ?? 0);
  const factor = base.shape === undefined ? 1 : shapeFactor(base.shape, work);
  const grouped = base.shape === undefined ? 0 : groupSeconds(base.shape, groups);
  const roofline = baseSeconds(figures, { flops: flops * factor, bytes });
  return Math.max(roofline, costly + figures.overhead) + grouped;
}

function computeKernelCost(profile: DeviceProfile, threads: number, lowered: Kernel): Cost {
  const kernel = asComputed(profile, lowered);
  const wanted = latencyFamily(kernel);
  const { family, base, figures } = baseFigures(profile, threads, wanted);
  const seconds = shapedSeconds(base, figures, {
    flops: kernel.flops,
    bytes: kernel.bytes,
    transcendental: transcendentalElements(kernel),
    ...workShape(kernel),
    row: rowLength(kernel),
  });
  const guessed = family !== wanted || isUnknownOperator(kernel);
  const known = guessed ? undefined : learnedOf(profile, threads, family);
  const learned = known === undefined ? null : learnedSeconds(known, kernel);
  const outside = known === undefined ? isOutside(base, kernel) : learned === null;
  const value = learned ?? seconds;
  const fit = profile.latency.fit?.[String(threads)];
  const spread = fit?.families?.[family]?.spread ?? fit?.leftOut.spread ?? 0;
  return {
    seconds: value,
    low: value * Math.exp(-spread),
    high: value * Math.exp(spread),
    source: guessed || outside ? 'extrapolated' : 'predicted',
  };
}

/** Kernels are counted in float32; a runtime that computes in int8 moves a quarter of those bytes. */
function asComputed({ dtype }: DeviceProfile, kernel: Kernel): Kernel {
  return dtype === 'int8' ? { ...kernel, bytes: kernel.bytes / FLOAT_BYTES } : kernel;
}

/**
 * The base of a family, or of its nearest relative that the profile has, with its figures.
 * @throws NonnError if the profile has no such number of threads or relative, or does not know a figure.
 */
export function baseFigures(
  profile: DeviceProfile,
  threads: number,
  wanted: LatencyFamily,
): {
  readonly family: LatencyFamily;
  readonly base: FamilyBase;
  readonly figures: { readonly rate: number; readonly bandwidth: number; readonly overhead: number };
} {
  const { family, base } = familyBase(profile, threads, wanted);
  const path = `latency.base.${threads}.${family}`;
  return {
    family,
    base,
    figures: {
      rate: required(profile, base.rate, `${path}.rate`),
      bandwidth: required(profile, base.bandwidth, `${path}.bandwidth`),
      overhead: required(profile, base.overhead, `${path}.overhead`),
    },
  };
}

function familyBase(
  profile: DeviceProfile,
  threads: number,
  wanted: LatencyFamily,
): { family: LatencyFamily; base: FamilyBase } {
  const families = profile.latency.base[String(threads)];
  if (families === undefined)
    throw new NonnError(
      `profile ${profile.name}: found ${threads} threads, expected one of ${profile.threads.join(', ')}`,
    );
  for (const family of [wanted, ...familyFallbacks[wanted]]) {
    const base = families[family];
    if (base !== undefined) return { family, base };
  }
  throw new NonnError(
    `profile ${profile.name}: latency.base.${threads}: found no family for ${wanted}, expected ${wanted} or one of ${familyFallbacks[wanted].join(', ')}`,
  );
}

function isOutside(base: FamilyBase, kernel: Kernel): boolean {
  if (base.range === undefined) return false;
  const { flops, bytes } = base.range;
  return (
    kernel.flops < flops[0] || kernel.flops > flops[1] || kernel.bytes < bytes[0] || kernel.bytes > bytes[1]
  );
}

/** Without a known overhead a message costs its bytes alone, and says that it is extrapolated. */
function codecCost(profile: DeviceProfile, kind: 'encode' | 'decode', bytes: number): Cost {
  const { bandwidth, overhead } = profile.latency[kind];
  const rate = required(profile, bandwidth, `latency.${kind}.bandwidth`);
  const [slow, fast] = 'value' in bandwidth ? intervalOf(bandwidth) : [rate, rate];
  const [least, most] = 'value' in overhead ? intervalOf(overhead) : [0, 0];
  return {
    seconds: bytes / rate + ('value' in overhead ? overhead.value : 0),
    low: bytes / fast + least,
    high: bytes / slow + most,
    source: 'value' in overhead ? 'predicted' : 'extrapolated',
  };
}

function required(profile: DeviceProfile, figure: Sourced, path: string): number {
  if ('value' in figure) return figure.value;
  throw new NonnError(
    `profile ${profile.name}: ${path}: found an unknown value (${figure.unknown}), expected a figure`,
  );
}

const memories = new WeakMap<DeviceProfile, Map<number, Map<string, Cost>>>();

function memory(profile: DeviceProfile, threads: number): Map<string, Cost> {
  let byThreads = memories.get(profile);
  if (byThreads === undefined) {
    byThreads = new Map();
    memories.set(profile, byThreads);
  }
  let known = byThreads.get(threads);
  if (known === undefined) {
    known = new Map();
    byThreads.set(threads, known);
  }
  return known;
}
