import type { Platform } from '../device/index.js';
import { complain, hashData } from '../foundation/index.js';
import type { Plan, Trace } from '../plan/index.js';
import { type Arrivals, arrivalSource, energyHorizon } from './arrivals.js';
import { compilePlan } from './compile.js';
import { energyByDevice } from './energy.js';
import { play } from './engine.js';
import { memoryByDevice } from './memory.js';
import { SpanLog } from './span-log.js';

/** How a plan is simulated. */
export interface SimulateOptions {
  /** When inferences arrive; a single one at time 0 where it is left out. */
  readonly arrivals?: Arrivals;
  /** Seed of the arrivals; 0 where it is left out. */
  readonly seed?: number;
  /** `loop` where the costs come from kernels that are really run while the plan is played. */
  readonly by?: 'simulation' | 'loop';
}

/**
 * Plays a plan on a platform in virtual time.
 *
 * Costs are asked for once a task and message. Devices run one task at a time: first ready first, then the
 * earlier inference, then the order of the file. A message waits for its latency and then flows at its
 * max-min fair share of the links that it crosses.
 *
 * @throws NonnError for a plan that cannot be played on the platform (see `compilePlan`).
 */
export function simulate(plan: Plan, platform: Platform, options: SimulateOptions = {}): Trace {
  const { arrivals = 'single', seed = 0, by = 'simulation' } = options;
  const compiled = compilePlan(plan, platform);
  const next = arrivalSource(arrivals, seed);
  const log = new SpanLog();
  const times: number[] = [];
  const finishes: (number | null)[] = [];
  const { makespan } = play(compiled, {
    arrivals: () => {
      const time = next();
      if (time !== undefined) {
        times.push(time);
        finishes.push(null);
      }
      return time;
    },
    onActivity: log.observe,
    onFinish: (inference, _arrival, finish) => {
      finishes[inference] = finish;
    },
  });
  if (!Number.isFinite(makespan))
    throw complain({ found: `an end after ${makespan} s`, expected: 'a plan that ends' });
  const spans = log.spans(compiled);
  const byName = new Map(platform.devices.map((device) => [device.name, device]));
  const devices = plan.devices.map((name) => byName.get(name)!);
  return {
    by,
    plan: hashOf(plan),
    seed,
    spans,
    arrivals: times,
    finishes,
    memory: memoryByDevice(plan, devices, { spans, arrivals: times, finishes }),
    energy: energyByDevice(devices, spans, energyHorizon(arrivals, makespan)),
    stolen: 0,
    clockSkew: 0,
  };
}

/** Plans do not change, and one is often played again and again (with other draws, other arrivals). */
const hashes = new WeakMap<Plan, string>();

function hashOf(plan: Plan): string {
  const hash = hashes.get(plan) ?? hashData(plan);
  hashes.set(plan, hash);
  return hash;
}
