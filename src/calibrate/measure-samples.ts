import { mean } from 'simple-statistics';
import type { Kernel } from '../kernel/index.js';
import { least, type Rounds, timeKernels } from '../runtime/index.js';

/** A kernel with its least time in two separate measurements, in seconds. */
export interface Sample {
  readonly kernel: Kernel;
  readonly first: number;
  readonly second: number;
}

/** Kernels that are measured together. */
const GROUP = 12;
const rounds: Rounds = { most: 14, least: 2, seconds: 0.15 };

/**
 * Measures kernels until the time is over. Each group is measured twice, with another group in between, so that the two
 * can disagree as two runs on different days would.
 *
 * @param secondsLeft tells how much time there is.
 */
export function measureSamples(
  kernels: Iterator<Kernel>,
  secondsLeft: () => number,
  onProgress: (count: number) => void = () => {},
): readonly Sample[] {
  const samples: Sample[] = [];
  let waiting: { kernels: readonly Kernel[]; first: readonly number[] } | undefined;
  const durations: number[] = [];
  const measure = (group: readonly Kernel[]) => {
    const before = secondsLeft();
    const times = timeKernels(group, rounds).map(least);
    durations.push(before - secondsLeft());
    return times;
  };
  const finish = () => {
    if (waiting === undefined) return;
    const second = measure(waiting.kernels);
    for (const [index, kernel] of waiting.kernels.entries())
      samples.push({ kernel, first: waiting.first[index]!, second: second[index]! });
    waiting = undefined;
  };
  do {
    const group = Array.from({ length: GROUP }, () => kernels.next().value as Kernel);
    const first = measure(group);
    finish();
    waiting = { kernels: group, first };
    onProgress(samples.length);
    // A further turn measures two groups, and then one group is still to be measured again.
  } while (secondsLeft() > 3 * mean(durations));
  finish();
  onProgress(samples.length);
  return samples;
}

/** The time that a sample stands for: the smaller one, as whatever disturbs a measurement makes it longer. */
export function secondsOf({ first, second }: Sample): number {
  return Math.min(first, second);
}
