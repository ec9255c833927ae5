import { type DeviceProfile, mediumProfile, type Platform } from '../device/index.js';
import { hashData } from '../foundation/index.js';
import type { Metrics } from '../metrics/index.js';
import { type Network, networkHash, weightsOf } from '../network/index.js';
import type { Plan } from '../plan/index.js';
import type { Candidate, Scenario, TrainedDesign } from '../scenario/index.js';
import { accuracyFields, accuracyViolation } from './accuracy.js';
import { ENGINE_VERSION } from './engine-version.js';
import type { LoneRow } from './row.js';
import { violations } from './violations.js';

/** What a candidate came to when it was played. */
export interface Played {
  readonly plan: Plan;
  readonly network: Network;
  readonly trained: TrainedDesign | null;
  readonly metrics: Metrics;
  /** Mean latency with every cost at the low and at the high end of its interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether kernels were run here while the plan was played. */
  readonly live: boolean;
}

/** A played candidate as a row, before it is compared with others. */
export function candidateRow(scenario: Scenario, candidate: Candidate, played: Played): LoneRow {
  const { plan, network, trained, metrics, live } = played;
  const used = scenario.cluster.devices.filter((device) => plan.devices.includes(device.name));
  const loopback = mediumProfile(scenario.cluster.medium);
  const medium = loopback === undefined || plan.messages.length === 0 ? [] : [loopback];
  const fits = used.map(({ profile, threads }) => profile.latency.fit?.[String(threads)]?.leftOut.mean);
  const parameters = parametersOf(network);
  const int8 = used.some(({ profile }) => profile.dtype === 'int8');
  const accuracy = accuracyFields(scenario, network, trained, int8);
  const violated = [
    ...violations(scenario, metrics, parameters, live),
    ...accuracyViolation(scenario, accuracy.accuracy),
  ];
  return {
    id: candidate.id,
    strategy: candidate.strategy,
    network: candidate.network,
    devices: candidate.devices,
    students: candidate.students,
    parameters,
    latency: metrics.latency,
    latencyLow: played.low,
    latencyHigh: played.high,
    p50: metrics.p50,
    p95: metrics.p95,
    p99: metrics.p99,
    energyPerNode: metrics.energyPerNode,
    energyMean: metrics.energyMean,
    energyMissing: metrics.energyMissing,
    memoryPerNode: metrics.memoryPerNode,
    ...(scenario.platform.devices.some(({ flash }) => flash !== undefined)
      ? { flashPerNode: metrics.flashPerNode, sramPerNode: metrics.sramPerNode }
      : {}),
    bytesSent: metrics.bytesSent,
    bytesOnAir: metrics.bytesOnAir,
    ...accuracy,
    utilisation: metrics.utilisation,
    inputAt: scenario.workload.inputAt,
    partition:
      candidate.partition === undefined ? '' : typeof candidate.partition === 'string' ? 'file' : 'assumed',
    durations: live ? 'measured' : 'predicted',
    profiles: [...new Set(used.map(({ profile }) => profile.name))].join(' '),
    fitError: !live && fits.every((error) => error !== undefined) ? Math.max(...fits) : null,
    extrapolated: live ? 0 : extrapolatedShare(plan, scenario.platform),
    feasible: violated.length === 0,
    fits: metrics.shortages.length === 0,
    violated: violated.join('; '),
    notes: notesOf(scenario, candidate, played).join('; '),
    scenarioHash: scenario.hash,
    profileHash: hashData([...used.map(({ profile }) => profile), ...medium].map(profileHash)),
    networkHash: networkHash(network),
    engineVersion: ENGINE_VERSION,
  };
}

function notesOf(scenario: Scenario, candidate: Candidate, { metrics, plan, live }: Played): string[] {
  const budgeted = scenario.budgets.energyPerNode !== undefined;
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
    ...(metrics.memoryUnknown.length === 0
      ? []
      : ['whether it fits is unknown: no source gives the memory of a board']),
    ...(live && metrics.energyPerNode === null && budgeted ? ['energy budget not judged'] : []),
    ...(metrics.runtimeBaseCounted ? [] : ["runtime's own memory not counted"]),
    ...(live ? [] : basesOf(scenario, plan).map((basis) => `energy from ${basis}`)),
    ...(candidate.partition === undefined || typeof candidate.partition === 'string'
      ? []
      : ['partition assumed']),
  ];
}

/** What the powers of the devices were derived from, where those are no readings of a meter. */
function basesOf({ cluster }: Scenario, { devices }: Plan): readonly string[] {
  const bases = cluster.devices.flatMap(({ name, profile }) =>
    devices.includes(name) && profile.energy.basis !== undefined ? [profile.energy.basis] : [],
  );
  return [...new Set(bases)];
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

const profileHashes = new WeakMap<DeviceProfile, string>();

/** Hash of everything that a profile says. */
export function profileHash(profile: DeviceProfile): string {
  const known = profileHashes.get(profile) ?? hashData(profile);
  profileHashes.set(profile, known);
  return known;
}

function parametersOf(network: Network): number {
  const trainable = network.layers
    .flatMap((layer) => weightsOf(network, layer))
    .filter((weight) => weight.trainable);
  return trainable.reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
}
