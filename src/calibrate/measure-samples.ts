import { mean, median } from 'simple-statistics';
import type { Kernel } from '../kernel/index.js';
import { least, type Rounds } from '../runtime/index.js';
import type { Measurer } from './measurer.js';

/** A kernel with its least time in two separate measurements, in seconds; each is the smaller of two where those disagreed. */
export interface Sample {
  readonly kernel: Kernel;
  readonly first: number;
  readonly second: number;
}

/** What a round of measurements needs. */
export interface Sampling {
  readonly measurer: Measurer;
  /** The kernels of the next round. */
  readonly next: (count: number) => Promise<readonly Kernel[]>;
  /** A kernel that is measured again and again, to see when the machine is slower than usual. */
  readonly pulse: Kernel;
  readonly secondsLeft: () => number;
  /** Seconds that groups may wait for their second time, about: those that wait are lost when the process is killed. */
  readonly longestWait: number;
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
/** Two measurements that are further apart say little; such kernels are measured twice more. */
const DOUBTFUL = 0.07;
/** Groups that were measured once and wait for their second time, at the most. */
const MOST_WAITING = 24;

/** Kernels that are measured together, with the seconds of each so far, `[kernel][measurement]`. */
interface Group {
  readonly kernels: readonly Kernel[];
  readonly times: readonly (readonly number[])[];
}

/**
 * Measures kernels until the time is over. Each group is measured twice, with many others in between and mostly in another
 * process, so that the two can disagree as two runs on different days would; kernels for which they do go round once more
 * in a group of such.
 * @returns how many measurements of groups were dropped because the machine was slower then.
 */
export async function measureSamples(sampling: Sampling): Promise<number> {
  const { next, measurer, pulse, secondsLeft, longestWait, onRound } = sampling;
  const pulses: number[] = [];
  const durations: number[] = [];
  const waiting: Group[] = [];
  const doubtful: { readonly kernel: Kernel; readonly times: readonly number[] }[] = [];
  let dropped = 0;
  let groups = 0;
  const beat = async () => {
    const [seconds] = await measurer.kernels([pulse], pulseRounds);
    pulses.push(seconds!);
    return seconds!;
  };
  const measure = async ({ kernels, times: earlier }: Group): Promise<Group> => {
    const before = secondsLeft();
    let times: readonly number[] = [];
    for (let attempt = 0; ; attempt++) {
      const usual = pulses.length === 0 ? Number.POSITIVE_INFINITY : median(pulses.slice(-PULSES));
      times = await measurer.kernels(kernels, rounds);
      if ((await beat()) <= MOVED * usual || attempt === MOST_DROPPED || secondsLeft() < 0) break;
      dropped++;
    }
    durations.push(before - secondsLeft());
    return { kernels, times: times.map((time, index) => [...(earlier[index] ?? []), time]) };
  };
  const finish = async () => {
    const { kernels, times } = await measure(waiting.shift()!);
    const measured = kernels.map((kernel, index) => ({ kernel, times: times[index]! }));
    const isDone = ({ times }: { readonly times: readonly number[] }) =>
      times.length > 2 || apart(times) <= DOUBTFUL;
    doubtful.push(...measured.filter((one) => !isDone(one)));
    onRound(measured.filter(isDone).map(sampleOf));
  };
  // A group that is begun is measured twice, and so is each that waits.
  const isTime = () => groups < LEAST_GROUPS || secondsLeft() > (waiting.length + 2) * mean(durations);
  await beat();
  while (isTime()) {
    if (doubtful.length >= GROUP) {
      const again = doubtful.splice(0, GROUP);
      waiting.push(
        await measure({ kernels: again.map(({ kernel }) => kernel), times: again.map(({ times }) => times) }),
      );
    } else {
      groups++;
      waiting.push(await measure({ kernels: await next(GROUP), times: [] }));
    }
    const most = Math.min(MOST_WAITING, Math.max(1, longestWait / (2 * mean(durations))));
    if (waiting.length > most) await finish();
  }
  while (waiting.length > 0) await finish();
  if (doubtful.length > 0) onRound(doubtful.map(sampleOf));
  return dropped;
}

/** How far two times are apart, as a share of the smaller one. */
function apart(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b)) / least(times) - 1;
}

/** The first and the third measurement beside the second and the fourth. */
function sampleOf({ kernel, times }: { readonly kernel: Kernel; readonly times: readonly number[] }): Sample {
  const of = (half: number) => least(times.filter((_, index) => index % 2 === half));
  return { kernel, first: of(0), second: of(1) };
}

/** The time that a sample stands for: the smaller one, as whatever disturbs a measurement makes it longer. */
export function secondsOf({ first, second }: Pick<Sample, 'first' | 'second'>): number {
  return Math.min(first, second);
}
