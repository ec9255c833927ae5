import { readPlanFile } from '../plan/index.js';
import { simulate } from './simulate.js';

/** What `nonn simulate --plan FILE --json` prints; times in seconds since the start. */
export interface PlanFileResult {
  readonly makespan: number;
  /** When each task started, and when the latency of each message began. */
  readonly start: Readonly<Record<string, number>>;
  readonly finish: Readonly<Record<string, number>>;
}

/**
 * Plays a plan file once.
 * @throws NonnError if it is not a plan file, or cannot be played.
 */
export function simulatePlanFile(file: string): PlanFileResult {
  const { plan, platform } = readPlanFile(file);
  const { spans } = simulate(plan, platform);
  const start = new Map<string, number>();
  const finish = new Map<string, number>();
  for (const span of spans) {
    if (!start.has(span.of)) start.set(span.of, span.start);
    finish.set(span.of, span.finish);
  }
  const inOrder = (times: ReadonlyMap<string, number>) =>
    Object.fromEntries([...plan.tasks, ...plan.messages].map(({ id }) => [id, times.get(id)!]));
  return {
    makespan: spans.reduce((last, span) => Math.max(last, span.finish), 0),
    start: inOrder(start),
    finish: inOrder(finish),
  };
}
