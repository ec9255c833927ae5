import type { Measurer } from '../calibrate/index.js';
import {
  type Cost,
  type DeviceProfile,
  kernelCost,
  type LatencyFamily,
  latencyFamily,
  movedBytes,
  predictBatch,
  predictNetwork,
  sumOfCosts,
  workCost,
} from '../device/index.js';
import { randomStream } from '../foundation/index.js';
import { type Kernel, lowerWhole, type Work } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import { type Backend, drawnWeights, LoadedNetwork, preparePlan, prepareWhole } from '../runtime/index.js';
import { designOf, type Scenario } from '../scenario/index.js';
import { kernelVisits, type Visit, visitOf } from './measured.js';
import type { Row } from './summary.js';

export type Kind = Row['kind'];

/** Something whose prediction is judged. */
export interface Subject {
  readonly kind: Kind;
  readonly name: string;
  /** Of a kernel. */
  readonly family?: LatencyFamily;
  readonly predicted: Cost;
  /** What naive models see of it: that of each image, where it is of several. */
  readonly works: readonly Work[];
  /** Of a batch: its images times the predicted seconds of one. */
  readonly proportional?: number;
}

/** Subjects and the visits that time them, in the same order. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly visits: readonly Visit[];
  /** Frees what the visits kept between them. */
  dispose(): void;
}

/** Kernels by themselves. */
export function kernelSubjects(
  profile: DeviceProfile,
  threads: number,
  kernels: readonly Kernel[],
  measurer: Measurer,
): Subjects {
  return {
    subjects: kernels.map((kernel) => ({
      kind: 'kernels',
      name: kernel.key,
      family: latencyFamily(kernel),
      predicted: kernelCost(profile, threads, kernel),
      works: [{ kind: 'kernels', kernels: [kernel] }],
    })),
    visits: kernelVisits(kernels, measurer),
    dispose: () => {},
  };
}

/** Undivided inferences, from numbers in to numbers out, of a batch of images where one is given. */
export function networkSubjects(
  profile: DeviceProfile,
  threads: number,
  networks: readonly Network[],
  {
    seed,
    backend,
    batch,
  }: { readonly seed: number; readonly backend: Backend; readonly batch?: number | undefined },
): Subjects {
  const images = batch ?? 1;
  return {
    subjects: networks.map((network) => {
      const one = predictNetwork(profile, threads, network);
      const { latency, low, high, extrapolated } =
        batch === undefined ? one : predictBatch(profile, threads, network, batch);
      const source = extrapolated > 0 ? 'extrapolated' : 'predicted';
      const work: Work = { kind: 'kernels', kernels: lowerWhole(network).kernels };
      return {
        kind: 'networks',
        name: network.id,
        predicted: { seconds: latency, low, high, source },
        works: Array.from({ length: images }, () => work),
        ...(batch === undefined ? {} : { proportional: batch * one.latency }),
      };
    }),
    visits: networks.map((network) =>
      visitOf(() => {
        const whole = prepareWhole(network, { seed, backend });
        const input = imagesFor(network, seed, images);
        return { run: () => whole.run(input, images), dispose: () => whole.dispose() };
      }),
    ),
    dispose: () => {},
  };
}

/** Designs of a scenario, each executed in this process: all its tasks, one after the other. */
export function planSubjects(
  profile: DeviceProfile,
  threads: number,
  scenario: Scenario,
  { seed, backend }: { readonly seed: number; readonly backend: Backend },
): Subjects {
  const designs = scenario.candidates.map((candidate) => ({
    name: candidate.id,
    ...designOf(scenario, candidate),
  }));
  // Designs of one network follow each other, and its weights stay loaded meanwhile.
  let kept: LoadedNetwork | undefined;
  const keep = (network: Network) => {
    if (kept?.network === network) return kept;
    kept?.dispose();
    kept = new LoadedNetwork(network, drawnWeights(seed));
    return kept;
  };
  return {
    subjects: designs.map(({ name, plan }) => {
      const works = plan.tasks.map(({ work }) => work);
      // One process moves what the kernels of all devices do.
      const moved = movedBytes(works.flatMap((work) => (work.kind === 'kernels' ? work.kernels : [])));
      const predicted = sumOfCosts(works.map((work) => workCost(profile, threads, work, moved)));
      return { kind: 'plans', name, predicted, works };
    }),
    visits: designs.map(({ plan, network }) =>
      visitOf(() => {
        const loaded = new Map([[network.id, keep(network)]]);
        const networks = new Map([[network.id, network]]);
        const prepared = preparePlan(plan, networks, { seed, backend, loaded });
        const input = imagesFor(network, seed, 1);
        return { run: () => prepared.run(input), dispose: () => prepared.dispose() };
      }),
    ),
    dispose: () => kept?.dispose(),
  };
}

function imagesFor(network: Network, seed: number, count: number): Float32Array {
  const shape = network.shapes.get(network.inputs[0]!)!;
  const { uniform } = randomStream(seed, 'validate/image');
  return Float32Array.from({ length: count * shape[0] * shape[1] * shape[2] }, uniform);
}
