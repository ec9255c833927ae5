import type { Platform } from '../device/index.js';
import type { Plan, Trace } from '../plan/index.js';

/** What arrivals ask of the busiest processor or link: seconds of work a second. */
export interface OfferedLoad {
  /** Null where arrivals have no rate (one inference, or all at once). */
  readonly share: number | null;
  /** The device or link that is asked most of. */
  readonly of: string | null;
  /** At a share of 1 or more queues grow for ever, and a mean latency means nothing. */
  readonly unstable: boolean;
}

/**
 * The work of one inference on each processor and link, times the rate of arrivals.
 * @param rate arrivals a second as they were asked for; that of the recorded ones where left out.
 */
export function offeredLoad(
  trace: Trace,
  plan: Plan,
  platform: Platform,
  rate = recordedRate(trace),
): OfferedLoad {
  const { arrivals } = trace;
  if (rate === null) return { share: null, of: null, unstable: false };
  const busy = new Map<string, number>();
  // A device and a link may bear one name.
  const add = (name: string, seconds: number) => busy.set(name, (busy.get(name) ?? 0) + seconds);
  for (const span of trace.spans) {
    if (span.state !== 'latency' && span.state !== 'transfer')
      add(`device ${span.lane}`, (span.finish - span.start) / arrivals.length);
  }
  for (const { frameBytes, from, to } of plan.messages) {
    const { amount, uses } = platform.topology.transfer(frameBytes, from, to);
    for (const { link, weight } of uses) {
      const { name, capacity } = platform.topology.links[link]!;
      add(`link ${name}`, (amount * weight) / capacity);
    }
  }
  let share = 0;
  let of: string | null = null;
  for (const [name, seconds] of busy) {
    if (seconds * rate > share) {
      share = seconds * rate;
      of = name;
    }
  }
  return { share, of, unstable: share >= 1 };
}

function recordedRate({ arrivals }: Trace): number | null {
  const time = arrivals.length < 2 ? 0 : arrivals.at(-1)! - arrivals[0]!;
  return time > 0 ? (arrivals.length - 1) / time : null;
}
