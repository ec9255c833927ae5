import type { Measurer } from '../calibrate/index.js';
import type { Kernel } from '../kernel/index.js';
import { least, type Rounds, type Runnable, timeInterleaved } from '../runtime/index.js';

/** What one visit times: kernels that take turns, or one network or plan. */
export interface Visit {
  /** Things that it times. */
  readonly size: number;
  /** Makes ready, times and puts away. @returns the least seconds of each. */
  time(): readonly number[] | Promise<readonly number[]>;
}

/** Least seconds in the first half of the rounds and in the second. */
export interface Measured {
  readonly before: number;
  readonly after: number;
}

/** A disturbance or a slow spell of the machine lasts longer than one visit and, mostly, shorter than all rounds. */
export const ROUNDS = 4;

const kernelRounds: Rounds = { most: 14, least: 3, seconds: 0.3 };
/** Kernels that take turns. */
const VISIT_KERNELS = 24;
/** One network at a time has its weights in memory, and runs again and again as in use. */
const burst: Rounds = { most: 100, least: 2, seconds: 0.25 };

/**
 * Visits everything once a round, so that the two halves of a thing's times lie minutes apart: where the machine has
 * become slower or faster meanwhile, they disagree, and that is noise, not an error of the prediction.
 *
 * @param onProgress is told how many things of all rounds were timed.
 */
export async function measureInRounds(
  visits: readonly Visit[],
  onProgress: (done: number) => void = () => {},
): Promise<readonly Measured[]> {
  let done = 0;
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    for (const visit of visits) {
      times.push(...(await visit.time()));
      done += visit.size;
      onProgress(done);
    }
    rounds.push(times);
  }
  const leastOf = (half: readonly (readonly number[])[], index: number) =>
    least(half.map((seconds) => seconds[index]!));
  return rounds[0]!.map((_, index) => ({
    before: leastOf(rounds.slice(0, ROUNDS / 2), index),
    after: leastOf(rounds.slice(ROUNDS / 2), index),
  }));
}

/**
 * Visits of kernels, a few at a time, by the process that measures them in a calibration too: what V8 has compiled in
 * another one, for whatever else it runs, makes those that are copies in JavaScript a tenth slower.
 */
export function kernelVisits(kernels: readonly Kernel[], measurer: Measurer): readonly Visit[] {
  const count = Math.ceil(kernels.length / VISIT_KERNELS);
  return Array.from({ length: count }, (_, index) => {
    const group = kernels.slice(index * VISIT_KERNELS, (index + 1) * VISIT_KERNELS);
    return { size: group.length, time: () => measurer.kernels(group, kernelRounds) };
  });
}

/** The visit of something that must be made ready first and put away afterwards. */
export function visitOf(prepare: () => Runnable & { dispose(): void }): Visit {
  return {
    size: 1,
    time() {
      const ready = prepare();
      try {
        return [least(timeInterleaved([ready], burst)[0]!)];
      } finally {
        ready.dispose();
      }
    },
  };
}
