import { freshKernels, probeSpeed, warmUpKernels } from '../calibrate/index.js';
import {
  type Cost,
  type DeviceProfile,
  latencyFamily,
  latencyFeatures,
  sumOfCosts,
  workCost,
} from '../device/index.js';
import { complain, randomStream } from '../foundation/index.js';
import { type Kernel, lowerWhole, type Work } from '../kernel/index.js';
import { type Network, namedNetwork } from '../network/index.js';
import {
  type BackendName,
  backendNames,
  drawnWeights,
  LoadedNetwork,
  least,
  openBackend,
  preparePlan,
  prepareWhole,
  type Rounds,
  timeKernels,
  warmUp,
} from '../runtime/index.js';
import { designOf, type Scenario } from '../scenario/index.js';
import { type Measured, measureTwice, type Subject } from './measured.js';
import { flopsModel, rooflineModel } from './naive.js';
import { noiseFloor, type Row, type Summary, summarise } from './summary.js';

export interface ValidateOptions {
  readonly profile: DeviceProfile;
  readonly seed: number;
  /** So many kernels that the profile has not seen. */
  readonly kernels?: number | undefined;
  /** Networks of the zoo or from files, undivided. */
  readonly networks?: readonly string[] | undefined;
  /** Every candidate, executed in this process. */
  readonly scenario?: Scenario | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What `nonn validate --json` prints. */
export interface Validation {
  readonly runtime: string;
  readonly profile: string;
  /** Share of rows whose measurements before and after agree within 10 %. */
  readonly noiseFloor: { readonly within10: number };
  readonly kernels?: Summary;
  readonly networks?: Summary;
  readonly plans?: Summary;
  /** Naive models on the same rows; absent where the profile does not have what they need. */
  readonly flops?: Summary;
  readonly roofline?: Summary;
  readonly rows: readonly Row[];
}

type Kind = 'kernels' | 'networks' | 'plans';

/** A row that has not been measured yet. */
interface Case {
  readonly kind: Kind;
  readonly name: string;
  readonly works: readonly Work[];
}

const kernelRounds: Rounds = { most: 14, least: 3, seconds: 0.3 };
/** A single run of a fresh kernel takes about this long at the most. */
const LONGEST_KERNEL_SECONDS = 0.2;

/**
 * Runs kernels, networks and plans on this machine and compares each with its prediction. A plan is executed in one
 * process, so its prediction is the sum of its tasks, as if one processor did them all; links are not part of it.
 *
 * @throws NonnError for a profile of a runtime that does not run here, or if there is nothing to validate.
 */
export async function validate(options: ValidateOptions): Promise<Validation> {
  const { profile, seed, onProgress = () => {} } = options;
  const runtime = runtimeOf(profile);
  const networks = (options.networks ?? []).map((name) => namedNetwork(name));
  const { scenario } = options;
  const designs = (scenario?.candidates ?? []).map((candidate) => ({
    name: candidate.id,
    ...designOf(scenario!, candidate),
  }));
  if ((options.kernels ?? 0) + networks.length + designs.length === 0)
    throw complain({
      file: 'validate',
      found: 'nothing to run',
      expected: 'a scenario, --network or --kernels',
    });
  const backend = await openBackend(runtime, { threads: threadsOf(profile) });
  warmUp(warmUpKernels());
  const kernels = unseenKernels(profile, options.kernels ?? 0, seed);
  // Designs of one network follow each other, and its weights stay loaded meanwhile.
  let kept: LoadedNetwork | undefined;
  const keep = (network: Network) => {
    if (kept?.network === network) return kept;
    kept?.dispose();
    kept = new LoadedNetwork(network, drawnWeights(seed));
    return kept;
  };
  const subjects: Subject[] = [
    ...networks.map((network) => ({
      name: network.id,
      prepare() {
        const whole = prepareWhole(network, { seed, backend });
        const input = imageFor(network, seed);
        return { run: () => whole.run(input), dispose: () => whole.dispose() };
      },
    })),
    ...designs.map(({ name, plan, network }) => ({
      name,
      prepare() {
        const loaded = new Map([[network.id, keep(network)]]);
        const networks = new Map([[network.id, network]]);
        const prepared = preparePlan(plan, networks, { seed, backend, loaded });
        const input = imageFor(network, seed);
        return { run: () => prepared.run(input), dispose: () => prepared.dispose() };
      },
    })),
  ];
  const cases: Case[] = [
    ...kernels.map((kernel) => ({
      kind: 'kernels' as const,
      name: kernel.key,
      works: [kernelWork([kernel])],
    })),
    ...networks.map((network) => ({
      kind: 'networks' as const,
      name: network.id,
      works: [kernelWork(lowerWhole(network).kernels)],
    })),
    ...designs.map(({ name, plan }) => ({
      kind: 'plans' as const,
      name,
      works: plan.tasks.map(({ work }) => work),
    })),
  ];
  const measured = [
    ...measureKernels(kernels),
    ...measureTwice(subjects, (done) => onProgress(done, 2 * subjects.length)),
  ];
  kept?.dispose();
  return compare(profile, cases, measured);
}

function compare(profile: DeviceProfile, cases: readonly Case[], measured: readonly Measured[]): Validation {
  const threads = threadsOf(profile);
  const costs = cases.map(({ works }) => sumOfCosts(works.map((work) => workCost(profile, threads, work))));
  const rows = cases.map(({ name }, index) => rowOf(name, costs[index]!, measured[index]!));
  const ofKind = (kind: Kind) => summarise(rows.filter((_, index) => cases[index]!.kind === kind));
  const summaries = Object.entries({
    kernels: ofKind('kernels'),
    networks: ofKind('networks'),
    plans: ofKind('plans'),
    flops: naive(flopsModel(profile, threads)),
    roofline: naive(rooflineModel(profile, threads, (work) => workCost(profile, threads, work).seconds)),
  }).filter((entry): entry is [string, Summary] => entry[1] !== null);
  return {
    runtime: profile.runtime,
    profile: profile.name,
    noiseFloor: noiseFloor(rows),
    ...Object.fromEntries(summaries),
    rows,
  };

  function naive(model: (works: readonly Work[]) => number | null): Summary | null {
    const predictions = cases.map(({ works }) => model(works));
    return predictions.includes(null)
      ? null
      : summarise(rows.map(({ measured }, index) => ({ predicted: predictions[index]!, measured })));
  }
}

function rowOf(name: string, cost: Cost, { before, after }: Measured): Row {
  const measured = Math.min(before, after);
  return {
    name,
    predicted: cost.seconds,
    measured,
    error: cost.seconds / measured - 1,
    extrapolated: cost.source === 'extrapolated',
    before,
    after,
  };
}

function measureKernels(kernels: readonly Kernel[]): readonly Measured[] {
  const before = timeKernels(kernels, kernelRounds).map(least);
  return timeKernels(kernels, kernelRounds).map((seconds, index) => ({
    before: before[index]!,
    after: least(seconds),
  }));
}

/** Kernels whose features differ from those of every kernel that the profile was fitted to. */
function unseenKernels(profile: DeviceProfile, count: number, seed: number): readonly Kernel[] {
  const fresh = freshKernels(seed, probeSpeed() * LONGEST_KERNEL_SECONDS);
  const kernels = new Map<string, Kernel>();
  while (kernels.size < count) {
    const kernel = fresh.next().value;
    if (!isFitted(profile, kernel)) kernels.set(kernel.key, kernel);
  }
  return [...kernels.values()];
}

function isFitted(profile: DeviceProfile, kernel: Kernel): boolean {
  const residual = profile.latency.residual?.[String(threadsOf(profile))]?.[latencyFamily(kernel)];
  if (residual === undefined) return false;
  const features = latencyFeatures(kernel);
  const at = residual.features.map((name) => features.get(name) ?? 0);
  return residual.points.some((point) => point.every((value, index) => Math.abs(value - at[index]!) < 1e-4));
}

function runtimeOf({ name, runtime }: DeviceProfile): BackendName {
  const found = backendNames.find((backend) => backend === runtime);
  if (found !== undefined) return found;
  throw complain({
    file: `profile ${name}`,
    path: 'runtime',
    found: `"${runtime}"`,
    expected: `one that runs here (${backendNames.join(', ')}), to compare its predictions with`,
  });
}

/** Threads that the profile was measured with. */
function threadsOf({ threads }: DeviceProfile): number {
  return Math.max(...threads);
}

function kernelWork(kernels: readonly Kernel[]): Work {
  return { kind: 'kernels', kernels };
}

function imageFor(network: Network, seed: number): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const { uniform } = randomStream(seed, 'validate/image');
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, uniform);
}
