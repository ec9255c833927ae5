import type { Cost, Platform } from '../device/index.js';
import { formatUnit, hashData } from '../foundation/index.js';
import { type Metrics, metricsOf } from '../metrics/index.js';
import { type Network, weightsOf } from '../network/index.js';
import type { Plan, Trace } from '../plan/index.js';
import { type Candidate, designOf, type Scenario } from '../scenario/index.js';
import { simulate } from '../simulate/index.js';
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
  const measure = (of: Trace) => metricsOf(of, plan, platform, scenario.workload.warmUp);
  const metrics = measure(trace);
  const bound = (end: 'low' | 'high') => measure(play(costsAt(platform.costs, end))).latency;
  return {
    row: rowOf(scenario, candidate, plan, network, metrics, bound('low'), bound('high')),
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

function rowOf(
  scenario: Scenario,
  candidate: Candidate,
  plan: Plan,
  network: Network,
  metrics: Metrics,
  latencyLow: number | null,
  latencyHigh: number | null,
): LoneRow {
  const used = scenario.cluster.devices.filter((device) => plan.devices.includes(device.name));
  const fits = used.map(({ profile, threads }) => profile.latency.fit?.[String(threads)]?.leftOut.mean);
  const parameters = parametersOf(network);
  const violated = violations(scenario, metrics, parameters);
  return {
    id: candidate.id,
    strategy: candidate.strategy,
    network: candidate.network,
    devices: candidate.devices,
    students: candidate.students,
    parameters,
    latency: metrics.latency,
    latencyLow,
    latencyHigh,
    p50: metrics.p50,
    p95: metrics.p95,
    p99: metrics.p99,
    energyPerNode: metrics.energyPerNode,
    energyMean: metrics.energyMean,
    energyMissing: metrics.energyMissing,
    memoryPerNode: metrics.memoryPerNode,
    bytesSent: metrics.bytesSent,
    bytesOnAir: metrics.bytesOnAir,
    accuracy: null,
    accuracySource: 'not trained',
    utilisation: metrics.utilisation,
    inputAt: scenario.workload.inputAt,
    partition:
      candidate.partition === undefined ? '' : typeof candidate.partition === 'string' ? 'file' : 'assumed',
    profiles: [...new Set(used.map(({ profile }) => profile.name))].join(' '),
    fitError: fits.every((error) => error !== undefined) ? Math.max(...fits) : null,
    extrapolated: extrapolatedShare(plan, scenario.platform),
    feasible: violated.length === 0,
    fits: metrics.shortages.length === 0,
    violated: violated.join('; '),
    notes: notesOf(metrics, candidate, plan).join('; '),
    networkHash: hashOf(network),
  };
}

/** Budgets and memories that are exceeded, each in words with the amount. */
function violations(scenario: Scenario, metrics: Metrics, parameters: number): string[] {
  const found = metrics.shortages.map(
    ({ device, peak, available }) =>
      `memory of ${device} by ${formatUnit(peak - available, 'bytes')} (${formatUnit(peak, 'bytes')} of ${formatUnit(available, 'bytes')})`,
  );
  const { load, latency } = metrics;
  if (load.unstable)
    found.push(`unstable: ${load.of} is asked for ${load.share!.toFixed(2)} s of work a second`);
  const units = {
    latency: 'time',
    energyPerNode: 'energy',
    memoryPerNode: 'bytes',
    bytesSent: 'bytes',
  } as const;
  for (const [name, unit] of Object.entries(units) as [
    keyof typeof units,
    (typeof units)[keyof typeof units],
  ][]) {
    const budget = scenario.budgets[name];
    const value = name === 'latency' ? latency : metrics[name];
    if (budget === undefined) continue;
    if (value === null) {
      if (!(name === 'latency' && load.unstable))
        found.push(`${name} is unknown, its budget is ${formatUnit(budget, unit)}`);
    } else if (value > budget) {
      found.push(
        `${name} by ${formatUnit(value - budget, unit)} (${formatUnit(value, unit)} of ${formatUnit(budget, unit)})`,
      );
    }
  }
  const { minParameters } = scenario.budgets;
  if (minParameters !== undefined && parameters < minParameters) {
    found.push(
      `too few parameters by ${minParameters - parameters} (${parameters} of at least ${minParameters})`,
    );
  }
  return found;
}

function notesOf(metrics: Metrics, candidate: Candidate, plan: Plan): string[] {
  const computing = new Set(
    plan.tasks.flatMap(({ work, place }) =>
      work.kind === 'kernels' && 'device' in place ? [place.device] : [],
    ),
  );
  return [
    ...(computing.size < candidate.devices
      ? [`only ${computing.size} of ${candidate.devices} devices have work`]
      : []),
    ...(metrics.energyMissing === null ? [] : [`energy needs ${metrics.energyMissing}`]),
    ...(metrics.energyMissing === null && !metrics.radioCounted ? ['radio not counted'] : []),
    ...(metrics.runtimeBaseCounted ? [] : ["runtime's own memory not counted"]),
    ...(candidate.partition === undefined || typeof candidate.partition === 'string'
      ? []
      : ['partition assumed']),
  ];
}

/** Share of the kernels' time that is predicted outside what the profiles have seen. */
function extrapolatedShare(plan: Plan, { costs }: Platform): number {
  let total = 0;
  let outside = 0;
  for (const { work, place } of plan.tasks) {
    if (work.kind !== 'kernels' || !('device' in place)) continue;
    for (const kernel of work.kernels) {
      const { seconds, source } = costs.task({ kind: 'kernels', kernels: [kernel] }, place.device);
      total += seconds;
      if (source === 'extrapolated') outside += seconds;
    }
  }
  return total === 0 ? 0 : outside / total;
}

const hashes = new WeakMap<Network, string>();

/** Hash of a network's layers. */
export function hashOf(network: Network): string {
  const known = hashes.get(network) ?? hashData(network.layers);
  hashes.set(network, known);
  return known;
}

function parametersOf(network: Network): number {
  const trainable = network.layers
    .flatMap((layer) => weightsOf(network, layer))
    .filter((weight) => weight.trainable);
  return trainable.reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
}
