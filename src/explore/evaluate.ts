import type { Cost, Platform } from '../device/index.js';
import { type Metrics, metricsOf } from '../metrics/index.js';
import type { Network } from '../network/index.js';
import { homeOf, type Plan, type Trace } from '../plan/index.js';
import { type Candidate, designOf, type Scenario } from '../scenario/index.js';
import { simulate } from '../simulate/index.js';
import { candidateRow } from './candidate-row.js';
import type { LoneRow } from './row.js';

/** A candidate that was played, with everything that it was played from. */
export interface Evaluation {
  readonly row: LoneRow;
  readonly plan: Plan;
  readonly network: Network;
  readonly trace: Trace;
  readonly metrics: Metrics;
}

/** How costs are found: from the profiles, or from another model in their place (kernels that are really run). */
export interface EvaluateOptions {
  readonly platform?: Platform;
  readonly by?: 'simulation' | 'loop';
}

/**
 * Compiles and plays one candidate of a scenario.
 * @throws NonnError if the design cannot be built.
 */
export function evaluate(
  scenario: Scenario,
  candidate: Candidate,
  options: EvaluateOptions = {},
): Evaluation {
  const { platform = scenario.platform, by = 'simulation' } = options;
  const { plan, network, trained } = designOf(scenario, candidate);
  const play = (costs: Platform['costs']) => {
    const played = { arrivals: scenario.workload.arrivals, seed: scenario.seed, by };
    return simulate(plan, { ...platform, costs }, played);
  };
  // What a profile does not know makes numbers null; it does not end a sweep of designs that do not need it.
  const missing = by === 'loop' ? null : missingFigure(scenario, plan);
  const costs = missing === null ? platform.costs : withoutCoding(platform.costs);
  const trace = play(costs);
  const measure = (of: Trace) =>
    metricsOf(of, plan, platform, { warmUp: scenario.workload.warmUp, rate: rateOf(scenario) });
  const measured = measure(trace);
  const metrics = missing === null ? measured : untimed(measured, missing);
  const bound = (end: 'low' | 'high') =>
    missing === null ? measure(play(costsAt(costs, end))).latency : null;
  return {
    row: candidateRow(scenario, candidate, {
      plan,
      network,
      trained,
      metrics,
      low: bound('low'),
      high: bound('high'),
      live: by === 'loop',
    }),
    plan,
    network,
    trace,
    metrics,
  };
}

/** Every cost at one end of its interval, all together: the figures of one profile err in one direction. */
function costsAt(costs: Platform['costs'], end: 'low' | 'high'): Platform['costs'] {
  const at = (cost: Cost): Cost => ({ ...cost, seconds: cost[end] });
  return {
    task: (work, device, moved) => at(costs.task(work, device, moved)),
    message: (bytes, from, to) => at(costs.message(bytes, from, to)),
  };
}

/** Arrivals a second as the scenario asks for them. */
function rateOf({ workload: { arrivals } }: Scenario): number | undefined {
  if (arrivals === 'single' || 'at' in arrivals) return undefined;
  return 'every' in arrivals ? 1 / arrivals.every : arrivals.poisson;
}

/** The first figure that a plan's messages need and no source gives, or null. */
function missingFigure({ cluster }: Scenario, plan: Plan): string | null {
  const profiles = new Map(cluster.devices.map(({ name, profile }) => [name, profile]));
  for (const task of plan.tasks) {
    const { kind } = task.work;
    if (kind !== 'encode' && kind !== 'decode') continue;
    const profile = profiles.get(homeOf(task))!;
    if ('unknown' in profile.latency[kind].bandwidth) return `${profile.name}: latency.${kind}.bandwidth`;
  }
  return null;
}

function withoutCoding(costs: Platform['costs']): Platform['costs'] {
  const free: Cost = { seconds: 0, low: 0, high: 0, source: 'given' };
  return {
    ...costs,
    task: (work, device, moved) =>
      work.kind === 'encode' || work.kind === 'decode' ? free : costs.task(work, device, moved),
  };
}

/** What still holds where times are unknown: memory and bytes. */
function untimed(metrics: Metrics, missing: string): Metrics {
  const none = { latency: null, latencyInterval: null, p50: null, p95: null, p99: null };
  return {
    ...metrics,
    ...none,
    latencyMissing: missing,
    energyPerNode: null,
    energyMean: null,
    energyMissing: missing,
  };
}
