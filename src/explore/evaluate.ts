import type { Cost, Platform } from '../device/index.js';
import { type Metrics, metricsOf } from '../metrics/index.js';
import type { Network } from '../network/index.js';
import type { Plan, Trace } from '../plan/index.js';
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
  const { plan, network } = designOf(scenario, candidate);
  const play = (costs: Platform['costs']) => {
    const played = { arrivals: scenario.workload.arrivals, seed: scenario.seed, by };
    return simulate(plan, { ...platform, costs }, played);
  };
  const trace = play(platform.costs);
  const measure = (of: Trace) =>
    metricsOf(of, plan, platform, { warmUp: scenario.workload.warmUp, rate: rateOf(scenario) });
  const metrics = measure(trace);
  const bound = (end: 'low' | 'high') => measure(play(costsAt(platform.costs, end))).latency;
  return {
    row: candidateRow(scenario, candidate, {
      plan,
      network,
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
    task: (work, device) => at(costs.task(work, device)),
    message: (bytes, from, to) => at(costs.message(bytes, from, to)),
  };
}

/** Arrivals a second as the scenario asks for them. */
function rateOf({ workload: { arrivals } }: Scenario): number | undefined {
  if (arrivals === 'single' || 'at' in arrivals) return undefined;
  return 'every' in arrivals ? 1 / arrivals.every : arrivals.poisson;
}
