import { parsePlanFile, readPlanFile } from '../dist/plan/index.js';
import { arrivalSource, compilePlan, play } from '../dist/simulate/index.js';
import { randomPlan } from './random-plan.mjs';

/** SimGrid 3.32 (CM02, full updates) on plans like these, on two shared cores: measured as plan files were played. */
const SIMGRID_ACTIVITIES_PER_SECOND = 150_000;
const WARM_UP_SECONDS = 0.5;
const RUNS = 9;

/**
 * Plays a plan file, or a random plan, over and over.
 * @returns `seconds`: the median wall time of compiling and playing it, after a warm-up, without reading the file.
 */
export function measure(values, number) {
  const { plan, platform } =
    values.plan === undefined
      ? parsePlanFile(randomPlan(number('activities', 1500), number('seed', 1, 0)), 'random plan')
      : readPlanFile(values.plan);
  const run = () => {
    const begin = performance.now();
    const { makespan } = play(compilePlan(plan, platform), { arrivals: arrivalSource('single', 0) });
    return { makespan, seconds: (performance.now() - begin) / 1e3 };
  };
  for (let spent = 0; spent < WARM_UP_SECONDS; ) spent += Math.max(1e-4, run().seconds);
  const runs = Array.from({ length: RUNS }, run).sort((a, b) => a.seconds - b.seconds);
  const { makespan, seconds } = runs[(RUNS - 1) / 2];
  return { activities: plan.tasks.length + plan.messages.length, makespan, seconds };
}

/** @returns rows of a table. */
export function describe({ activities, makespan, seconds }) {
  const rate = activities / seconds;
  return [
    ['activities', activities.toLocaleString('en')],
    ['makespan', `${makespan.toFixed(6)} s`],
    ['wall time', `${(seconds * 1e3).toFixed(2)} ms (median of ${RUNS} runs after a warm-up)`],
    ['activities a second', Math.round(rate).toLocaleString('en')],
    [
      'against SimGrid',
      `${(rate / SIMGRID_ACTIVITIES_PER_SECOND).toFixed(2)} times its ${SIMGRID_ACTIVITIES_PER_SECOND.toLocaleString('en')} (SimGrid 3.32, CM02, two shared cores)`,
    ],
  ];
}
