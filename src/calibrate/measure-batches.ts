import { latencyFamily } from '../device/index.js';
import type { Kernel } from '../kernel/index.js';
import { type Backend, least, prepareBatches, prepareWhole, timeInterleaved } from '../runtime/index.js';
import { sampledNetwork } from './measure-networks.js';
import { sampleKernels } from './sample.js';

/** Images of the batches that are measured. */
export const batchSizes: readonly number[] = [1, 2, 4, 8, 16];

/** A kernel with its least seconds at each batch. */
export interface BatchSample {
  readonly kernel: Kernel;
  readonly seconds: readonly number[];
}

/** A whole random network of the seed, with its least seconds at each batch. */
export interface NetworkBatchSample {
  readonly index: number;
  readonly seconds: readonly number[];
}

/** What measuring batches needs. */
export interface BatchMeasuring {
  readonly seed: number;
  readonly backend: Backend;
  /** FLOP/s of a middling kernel. */
  readonly speed: number;
  readonly secondsLeft: () => number;
  /** Those that are known already; those that are measured are added. */
  readonly kernels: BatchSample[];
  readonly networks: NetworkBatchSample[];
  /** Is told each one after it was measured. */
  readonly onKernel: (sample: BatchSample) => void;
  readonly onNetwork: (sample: NetworkBatchSample) => void;
}

/** With fewer, hardly a family has enough. */
const FEWEST_KERNELS = 60;
/** Of the time, for whole networks. */
const NETWORKS_SHARE = 0.3;
/** Seconds of one image, for kernels: the longest, of all the time and at most, and which are drawn less often, of those. */
const LONGEST_SHARE = 5e-5;
const LONGEST_KERNEL = 1.5e-3;
const USUAL_SHARE = 0.1;
/** Kernels that are drawn for each that is measured: that of the operator which was measured least is. */
const CANDIDATES = 4;
/** The first runs of a kernel take a while. */
const TOO_LONG = 3;
const kernelRounds = { most: 4, least: 1, seconds: 0.03 };
const networkRounds = { most: 8, least: 1, seconds: 0.2 };
/** Of these, pieces of one image are made or read. */
const ofOneImage: ReadonlySet<string> = new Set(['gather', 'dequantise']);

/**
 * Measures kernels and whole networks at several batches until the time is over, or twice that if kernels are few. The batches of one take turns, so that a
 * machine that becomes slower or faster meanwhile changes all alike, and their ratio stays.
 */
export function measureBatches(measuring: BatchMeasuring): void {
  const { seed, backend, secondsLeft, kernels, networks, onKernel, onNetwork } = measuring;
  const begun = secondsLeft();
  const longest = Math.min(LONGEST_KERNEL, LONGEST_SHARE * begun);
  const draw = leastMeasured(measuring, longest);
  let ofNetworks = 0;
  // On a machine that is busy, the time is enough for few; then it may take twice as long.
  const isOver = () => secondsLeft() <= (kernels.length < FEWEST_KERNELS ? -begun : 0);
  while (!isOver()) {
    const before = secondsLeft();
    if (ofNetworks <= NETWORKS_SHARE * (begun - before)) {
      networks.push(visitNetwork(seed, networks.length, backend));
      onNetwork(networks.at(-1)!);
      ofNetworks += before - secondsLeft();
    } else {
      const sample = visitKernel(draw.next().value, longest);
      if (sample === null) continue;
      kernels.push(sample);
      onKernel(sample);
    }
  }
}

/** Null for a kernel that takes much longer for one image than its work lets expect: a batch would take the time of many. */
function visitKernel(kernel: Kernel, longest: number): BatchSample | null {
  const { runs, dispose } = prepareBatches(kernel, batchSizes);
  try {
    const [one] = timeInterleaved(runs.slice(0, 1), { most: 1, least: 1, seconds: 0 });
    if (least(one!) > TOO_LONG * longest) return null;
    return { kernel, seconds: timeInterleaved(runs, kernelRounds).map(least) };
  } finally {
    dispose();
  }
}

function visitNetwork(seed: number, index: number, backend: Backend): NetworkBatchSample {
  const { network } = sampledNetwork(seed, index);
  const [height, width, channels] = network.shapes.get(network.inputs[0]!)!;
  const image = height * width * channels;
  const images = new Float32Array(image * batchSizes.at(-1)!).fill(0.5);
  const whole = prepareWhole(network, { seed, backend });
  try {
    const runs = batchSizes.map((batch) => {
      const input = images.subarray(0, batch * image);
      return { run: () => whole.run(input, batch) };
    });
    return { index, seconds: timeInterleaved(runs, networkRounds).map(least) };
  } finally {
    whole.dispose();
  }
}

/** Kernels of every operator in turns, as far as those that are drawn allow: rare ones need as many as common ones. */
function* leastMeasured({ seed, speed, kernels }: BatchMeasuring, longest: number): Generator<Kernel, never> {
  const most = speed * longest;
  const drawn = sampleKernels(seed, { most, usual: USUAL_SHARE * most });
  const known = new Set(kernels.map(({ kernel }) => kernel.key));
  const counts = new Map<string, number>();
  const count = (kernel: Kernel) => counts.get(operatorOf(kernel)) ?? 0;
  const measured = (kernel: Kernel) => counts.set(operatorOf(kernel), count(kernel) + 1);
  for (const { kernel } of kernels) measured(kernel);
  for (;;) {
    const candidates: Kernel[] = [];
    while (candidates.length < CANDIDATES) {
      const kernel = drawn.next().value;
      if (!ofOneImage.has(kernel.family) && !known.has(kernel.key)) candidates.push(kernel);
    }
    const kernel = candidates.reduce((a, b) => (count(b) < count(a) ? b : a));
    measured(kernel);
    known.add(kernel.key);
    yield kernel;
  }
}

function operatorOf(kernel: Kernel): string {
  return `${latencyFamily(kernel)} ${kernel.family} ${kernel.shape['activation'] ?? ''}`;
}
