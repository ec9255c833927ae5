import type { Kernel } from '../kernel/index.js';
import { type KernelRun, prepareKernel } from './kernel-run.js';

/** Something that can be run again and again and timed. */
export interface Runnable {
  run(): void;
  /** Writes what it reads anew, untimed, before a timed run. */
  renew?(): void;
}

/** How often things are timed. */
export interface Rounds {
  /** Times each is run at the most; what takes microseconds is run some times as often. */
  readonly most: number;
  /** Times each is run however long that takes. */
  readonly least: number;
  /** Seconds for one group of runnables, beyond which no round above `least` starts. */
  readonly seconds: number;
}

/** Kernels of a group are ready at once, so their tensors must fit in memory together. */
const GROUP_KERNELS = 32;
const GROUP_BYTES = 256 * 2 ** 20;
/** V8 compiles what it runs often; before that, small kernels seem twice as slow. */
const WARM_UP_RUNS = 3;
/** Longer runs replace whatever is in the caches themselves. */
const SHORT_SECONDS = 2e-3;
/** Runs in a row of something short, in each round; of what is over sooner than a fraction of this, more. */
const ROW = 4;
const LONGEST_ROW = 32;
const ROW_SECONDS = 4e-4;
/** What is over sooner is timed so many runs at once, where nothing has to be renewed in between. */
const CLOCK_SECONDS = 1e-6;
const TOGETHER = 20;

/**
 * Times runs in interleaved rounds, so that a disturbance of the machine hits all alike. In a round a short one runs once
 * untimed, since others have left the caches to themselves and their own code to the processor, and then some times in
 * a row. Before each run a kernel's inputs are written anew: as in an inference, they are then in the caches.
 * @returns seconds, `[runnable][run]`.
 */
export function timeInterleaved(
  runnables: readonly Runnable[],
  rounds: Rounds,
): readonly (readonly number[])[] {
  const begun = performance.now();
  const isOver = () => performance.now() - begun > rounds.seconds * 1000;
  const last = runnables.map((runnable) => timed(runnable));
  for (let run = 1; run < WARM_UP_RUNS && !isOver(); run++)
    for (const [index, runnable] of runnables.entries()) last[index] = timed(runnable, last[index]);
  const seconds: number[][] = runnables.map(() => []);
  for (let done = 0; done < rounds.most && (done < rounds.least || !isOver()); ) {
    const wanted = Math.min(ROW, rounds.most - done);
    for (const [index, runnable] of runnables.entries()) {
      const isShort = last[index]! < SHORT_SECONDS;
      if (isShort) timed(runnable, last[index]);
      const runs = isShort ? Math.max(wanted, Math.min(LONGEST_ROW, ROW_SECONDS / last[index]!)) : 1;
      for (let run = 0; run < runs; run++) {
        last[index] = timed(runnable, last[index]);
        seconds[index]!.push(last[index]!);
      }
    }
    done += wanted;
  }
  return seconds;
}

/**
 * Seconds of one run. A long one is interrupted again and again on a machine that is shared, so that its least wall time
 * still has others' time in it; then the time that this process had a processor counts, if it is less.
 */
function timed(runnable: Runnable, expected = 0): number {
  if (runnable.renew === undefined && expected > 0 && expected < CLOCK_SECONDS)
    return timedTogether(runnable);
  runnable.renew?.();
  const isLong = expected >= SHORT_SECONDS;
  const before = isLong ? process.cpuUsage() : undefined;
  const start = performance.now();
  runnable.run();
  const wall = (performance.now() - start) / 1000;
  if (before === undefined) return wall;
  const { user, system } = process.cpuUsage(before);
  return Math.min(wall, (user + system) / 1e6);
}

/** Seconds of one of many runs in a row: asking the clock takes as long as the shortest of them. */
function timedTogether(runnable: Runnable): number {
  const start = performance.now();
  for (let run = 0; run < TOGETHER; run++) runnable.run();
  return (performance.now() - start) / 1000 / TOGETHER;
}

/**
 * Times kernels on random data, in groups that fit in memory. Kernels of a group are of similar size, as those of a
 * network are: after a large one a small one would find none of its code and data in the caches.
 * @returns seconds of each round, in the order of the kernels.
 */
export function timeKernels(kernels: readonly Kernel[], rounds: Rounds): readonly (readonly number[])[] {
  const bySize = kernels.map((kernel, index) => ({ kernel, index }));
  bySize.sort((a, b) => a.kernel.bytes - b.kernel.bytes || a.index - b.index);
  const times = groupsOf(bySize.map(({ kernel }) => kernel)).flatMap((group) => timeGroup(group, rounds));
  const seconds: (readonly number[])[] = [];
  for (const [position, { index }] of bySize.entries()) seconds[index] = times[position]!;
  return seconds;
}

function timeGroup(kernels: readonly Kernel[], rounds: Rounds): readonly (readonly number[])[] {
  const runs: KernelRun[] = [];
  try {
    for (const kernel of kernels) runs.push(prepareKernel(kernel));
    return timeInterleaved(runs, rounds);
  } finally {
    for (const run of runs) run.dispose();
  }
}

/**
 * Runs kernels for so many seconds without timing them, until V8 has compiled the paths that they share: in its first
 * second a process is slower than it will ever be again.
 */
export function warmUp(kernels: readonly Kernel[], seconds = 1): void {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end)
    timeKernels(kernels, { most: 20, least: 1, seconds: Math.min(0.1, seconds) });
}

/** The smallest of several times: what repeats best on a machine that is shared. */
export function least(seconds: readonly number[]): number {
  return seconds.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function groupsOf(kernels: readonly Kernel[]): readonly (readonly Kernel[])[] {
  const groups: Kernel[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const kernel of kernels) {
    if (bytes + kernel.bytes > GROUP_BYTES || groups.at(-1)!.length >= GROUP_KERNELS) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(kernel);
    bytes += kernel.bytes;
  }
  return groups;
}
