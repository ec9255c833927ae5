import { complain, randomStream, show } from '../foundation/index.js';

/**
 * When inferences arrive: one at time 0; `count` of them `every` so many seconds from 0 on; `count` of them as
 * a Poisson process of so many a second; or at the listed times.
 */
export type Arrivals =
  | 'single'
  | { readonly every: number; readonly count: number }
  | { readonly poisson: number; readonly count: number }
  | { readonly at: readonly number[] };

/** Gives one arrival time after the other, ascending, and undefined at the end. */
export type ArrivalSource = () => number | undefined;

/**
 * The times of arrivals in seconds, drawn one at a time, so that a million of them take no memory. Poisson
 * arrivals depend only on the seed: every plan that is played with it sees the same ones.
 * @throws NonnError for a rate, count or list that is none.
 */
export function arrivalSource(arrivals: Arrivals, seed: number): ArrivalSource {
  if (arrivals === 'single') return counted(1, () => 0);
  if ('at' in arrivals) {
    const times = arrivals.at;
    times.forEach((time, index) => {
      if (!Number.isFinite(time) || time < (index === 0 ? 0 : times[index - 1]!))
        throw complain({
          path: `arrivals.at[${index}]`,
          found: show(time),
          expected: 'times in seconds, from 0 on, ascending',
        });
    });
    return counted(times.length, (index) => times[index]!);
  }
  if (!Number.isInteger(arrivals.count) || arrivals.count < 0)
    throw complain({
      path: 'arrivals.count',
      found: show(arrivals.count),
      expected: 'a number of inferences',
    });
  if ('every' in arrivals) {
    positive(arrivals.every, 'every', 'seconds between arrivals, above 0');
    return counted(arrivals.count, (index) => index * arrivals.every);
  }
  positive(arrivals.poisson, 'poisson', 'arrivals a second, above 0');
  const random = randomStream(seed, 'arrivals');
  let time = 0;
  return counted(arrivals.count, () => {
    time += random.exponential(arrivals.poisson);
    return time;
  });
}

/** All times of `arrivalSource` as a list. */
export function arrivalTimes(arrivals: Arrivals, seed: number): number[] {
  const next = arrivalSource(arrivals, seed);
  const times: number[] = [];
  for (let time = next(); time !== undefined; time = next()) times.push(time);
  return times;
}

/**
 * The time over which energy is counted: to the makespan, and for periodic arrivals at least to the moment at
 * which the next inference would arrive.
 */
export function energyHorizon(arrivals: Arrivals, makespan: number): number {
  if (arrivals === 'single' || !('every' in arrivals)) return makespan;
  return Math.max(makespan, arrivals.count * arrivals.every);
}

function counted(count: number, time: (index: number) => number): ArrivalSource {
  let index = 0;
  return () => (index < count ? time(index++) : undefined);
}

function positive(value: number, field: string, expected: string): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw complain({ path: `arrivals.${field}`, found: show(value), expected });
}
