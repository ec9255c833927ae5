import type { Kernel } from '../kernel/index.js';
import { weightNumbers } from './kernel-weights.js';
import { type Shaped, workTerms } from './work-terms.js';

/** Parts of a kernel's time of which each differs from the sum of its work for reasons of its own. */
export const workParts = ['growing', 'compute', 'weights'] as const;
export type WorkPart = (typeof workParts)[number];

/** What a call takes however small it is. */
const FIXED = /(^|: )(call|part|group|padding|further term|call of \w+|activation \d)$/;
const WEIGHTS = /^weight/;
const COMPUTE = /^(multiply-add|patch|window|tile|row)/;

function isOf(part: WorkPart, name: string): boolean {
  if (part === 'growing') return !FIXED.test(name);
  return part === 'weights' ? WEIGHTS.test(name) : COMPUTE.test(name);
}

/**
 * How much of a kernel's time by the sum of its work is a part's: what grows with its size, what computes products, or what
 * brings weights into the order in which they are read. Parts may overlap.
 */
export function workShare(part: WorkPart, work: Readonly<Record<string, number>>, kernel: Shaped): number {
  let [sum, all] = [0, 0];
  for (const [name, amount] of workTerms(kernel)) {
    const seconds = amount * (work[name] ?? 0);
    all += seconds;
    if (isOf(part, name)) sum += seconds;
  }
  return all > 0 ? sum / all : 0;
}

/** Numbers of weights that are in a cache whenever the kernel runs again: 4 MB. */
const STEADY_WEIGHTS = 2 ** 20;

/**
 * How unsteady a kernel's time is by its weights: the share of those that others may have pushed out of the last cache,
 * which they share, times the share of the time that bringing them in takes.
 */
export function unsteadiness(
  work: Readonly<Record<string, number>>,
  kernel: Pick<Kernel, 'family' | 'shape' | 'bytes'>,
): number {
  const weights = weightNumbers(kernel);
  return weights <= STEADY_WEIGHTS ? 0 : (1 - STEADY_WEIGHTS / weights) * workShare('weights', work, kernel);
}
