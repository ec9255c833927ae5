import { median } from 'simple-statistics';
import type { Kernel } from '../kernel/index.js';
import { least, type Rounds, timeKernels } from '../runtime/index.js';

/** A kernel with its least time in two separate measurements, in seconds. */
export interface Sample {
  readonly kernel: Kernel;
  readonly first: number;
  readonly second: number;
}

/** What a round of measurements needs. */
export interface Sampling {
  /** The kernels of the next round. */
  readonly next: (count: number) => readonly Kernel[];
  /** A kernel that is measured again and again, to see when the machine is slower than usual. */
  readonly pulse: Kernel;
  readonly secondsLeft: () => number;
  /** Is given the samples of each round. */
  readonly onRound: (samples: readonly Sample[]) => void;
}

/** Kernels that are measured together. */
const GROUP = 16;
const rounds: Rounds = { most: 16, least: 2, seconds: 0.2 };
const pulseRounds: Rounds = { most: 6, least: 6, seconds: 0.1 };
/** A machine that does the same so much slower than it mostly does has moved; what it measures then is dropped. */
const MOVED = 1.15;
/** Measurements of a group that may be dropped: a machine that stays slow is what there is. */
const MOST_DROPPED = 2;
/** So many groups are measured however long that takes: on a machine that is busy, a short time is enough for nothing. */
const LEAST_GROUPS = 6;
/** Pulses that tell what is usual. */
const PULSES = 101;

/**
 * Measures kernels until the time is over. Each group is measured twice, with another group in between, so that the two
 * can disagree as two runs on different days would.
 * @returns how many measurements of groups were dropped because the machine was slower then.
 */
export function measureSamples({ next, pulse, secondsLeft, onRound }: Sampling): number {
  const pulses: number[] = [];
  const durations: number[] = [];
  let dropped = 0;
  let waiting: { kernels: readonly Kernel[]; first: readonly number[] } | undefined;
  const beat = () => {
    const seconds = least(timeKernels([pulse], pulseRounds)[0]!);
    pulses.push(seconds);
    return seconds;
  };
  const measure = (group: readonly Kernel[]) => {
    const before = secondsLeft();
    let times: readonly number[] = [];
    for (let attempt = 0; ; attempt++) {
      const usual = pulses.length === 0 ? Number.POSITIVE_INFINITY : median(pulses.slice(-PULSES));
      times = timeKernels(group, rounds).map(least);
      if (beat() <= MOVED * usual || attempt === MOST_DROPPED || secondsLeft() < 0) break;
      dropped++;
    }
    durations.push(before - secondsLeft());
    return times;
  };
  const finish = () => {
    if (waiting === undefined) return;
    const { kernels, first } = waiting;
    const second = measure(kernels);
    waiting = undefined;
    onRound(kernels.map((kernel, index) => ({ kernel, first: first[index]!, second: second[index]! })));
  };
  beat();
  do {
    const group = next(GROUP);
    const first = measure(group);
    finish();
    waiting = { kernels: group, first };
    // A further turn measures two groups, and then one group is still to be measured again.
  } while (secondsLeft() > 3 * median(durations) || durations.length < 2 * LEAST_GROUPS - 1);
  finish();
  return dropped;
}

/** The time that a sample stands for: the smaller one, as whatever disturbs a measurement makes it longer. */
export function secondsOf({ first, second }: Pick<Sample, 'first' | 'second'>): number {
  return Math.min(first, second);
}
