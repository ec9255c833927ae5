import { availableParallelism } from 'node:os';

/** Fewer candidates are played sooner than a second thread has started. */
const WORTH_A_WORKER = 200;

/** Threads of a sweep where nobody says how many: the result is the same for any number. */
export function defaultWorkers(candidates: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(candidates / WORTH_A_WORKER)));
}
