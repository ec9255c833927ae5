import { NonnError, type RandomStream, randomStream } from '../foundation/index.js';
import {
  isSplittable,
  type Kernel,
  lower,
  lowerWhole,
  neededInputs,
  unitInputs,
  unitsByOutput,
} from '../kernel/index.js';
import { type Network, type Range, wholeOf, zooNetwork } from '../network/index.js';
import { logUniform, pick, pickWeighted } from './layer-place.js';
import { randomLayerKernel } from './random-layer.js';
import { randomNetwork } from './random-network.js';

/** Zoo networks whose layers, whole and in pieces, are sampled, with the weight of each. */
const sampled: readonly (readonly [weight: number, name: string, input?: number])[] = [
  [4, 'wrn-40-4'],
  [3, 'wrn-16-1'],
  [3, 'wrn-16-2'],
  [1, 'wrn-16-4'],
  [1, 'wrn-10-1'],
  [1, 'lenet5'],
  [1, 'knowledgenet-mnist'],
  [2, 'mobilenet-v1'],
  [1, 'mobilenet-v1', 96],
  [1, 'mobilenet-v1-0.25'],
  [1, 'mobilenet-v2', 96],
  [1, 'squeezenet-1.1', 96],
  [1, 'resnet18', 64],
  [1, 'resnet8'],
  [1, 'ds-cnn-m'],
  [1, 'vgg16'],
  [1, 'yolov2'],
  [1, 'yolov2', 224],
];

/** Up to here pieces of layers of known networks, then such layers, layers of random networks, then random layers. */
const SHARES = { pieces: 0.15, known: 0.3, networks: 0.36 };
/** Kernels that are taken from a random network: making it costs more than one of them. */
const KERNELS_OF_NETWORK = 5;
/** Most devices that a layer is cut for. */
const MOST_PARTS = 8;
/** Sizes of kernels, in FLOP or what takes about as long. */
export interface SampleSizes {
  /** Larger kernels are left out. */
  readonly most: number;
  /** Larger kernels are drawn less often, in proportion to the root of their work. */
  readonly usual: number;
}

/** A byte moved takes about as long as so many FLOP of a convolution. */
const FLOPS_OF_A_BYTE = 8;

/**
 * Endless kernels to measure, no two alike: half are random layers as networks have them, the others layers of random
 * networks, layers of known networks, and strips and tiles of those. Depends on the seed alone, so a larger budget sees
 * what a smaller one saw, and more.
 */
export function* sampleKernels(seed: number, { most, usual }: SampleSizes): Generator<Kernel, never> {
  const draw = randomStream(seed, 'calibrate/kernels');
  const networks = new Map<string, Sampled>();
  const seen = new Set<string>();
  for (;;)
    for (const kernel of drawKernels(draw, networks)) {
      if (seen.has(kernel.key)) continue;
      const size = sizeOf(kernel);
      if (size > most || draw.uniform() > Math.sqrt(usual / Math.max(size, usual))) continue;
      seen.add(kernel.key);
      yield kernel;
    }
}

/** Kernels of random layers alone, for checking a profile on what it was not fitted to. */
export function* freshKernels(seed: number, most: number): Generator<Kernel, never> {
  const draw = randomStream(seed, 'validate/kernels');
  for (;;)
    for (const kernel of tryKernel(() => [randomLayerKernel(draw)])) if (sizeOf(kernel) <= most) yield kernel;
}

function sizeOf({ flops, bytes }: Kernel): number {
  return Math.max(flops, FLOPS_OF_A_BYTE * bytes);
}

/** A network and its kernels, undivided. */
interface Sampled {
  readonly network: Network;
  readonly kernels: readonly Kernel[];
}

function drawKernels(draw: RandomStream, networks: Map<string, Sampled>): readonly Kernel[] {
  const kind = draw.uniform();
  if (kind > SHARES.networks) return tryKernel(() => [randomLayerKernel(draw)]);
  if (kind > SHARES.known) {
    const { kernels } = lowerWhole(randomNetwork(draw));
    return Array.from({ length: KERNELS_OF_NETWORK }, () => pick(draw, kernels));
  }
  const [, name, input] = pickWeighted(draw, sampled);
  const key = `${name} ${input}`;
  let known = networks.get(key);
  if (known === undefined) {
    const network = zooNetwork(name, input === undefined ? {} : { input });
    known = { network, kernels: lowerWhole(network).kernels };
    networks.set(key, known);
  }
  const { network, kernels } = known;
  if (kind > SHARES.pieces) return [pick(draw, kernels)];
  return tryKernel(() => {
    const pieces = pieceKernels(draw, network);
    return pieces.length === 0 ? [] : [pick(draw, pieces)];
  });
}

/** Kernels that compute a strip or tile of a random layer from its whole inputs. */
function pieceKernels(draw: RandomStream, network: Network): readonly Kernel[] {
  const splittable = [...unitsByOutput(network).values()].filter(
    (unit) => unit.anchor.kind !== 'input' && isSplittable(network, unit),
  );
  const unit = pick(draw, splittable);
  const [height, width] = network.shapes.get(unit.output)!;
  const part = (size: number): Range => {
    const parts = Math.min(size, logUniform(draw, 1, MOST_PARTS));
    const index = draw.integer(parts);
    return [Math.floor((size * index) / parts), Math.floor((size * (index + 1)) / parts)];
  };
  const region = { rows: part(height), columns: draw.uniform() < 0.7 ? ([0, width] as const) : part(width) };
  const reads = unitInputs(unit).map((layer, index) => ({
    layer,
    region:
      draw.uniform() < 0.5
        ? wholeOf(network.shapes.get(layer)!)
        : neededInputs(network, unit, region)[index]!.region,
  }));
  return lower(network, reads, [{ layer: unit.output, region }]).kernels;
}

/** A drawn layer may not fit its drawn input; then nothing was drawn. */
function tryKernel(draw: () => readonly Kernel[]): readonly Kernel[] {
  try {
    return draw();
  } catch (error) {
    if (error instanceof NonnError) return [];
    throw error;
  }
}

/** Small kernels of every kind, to warm up with. */
export function warmUpKernels(): readonly Kernel[] {
  const fresh = freshKernels(0, 1e6);
  return Array.from({ length: 48 }, () => fresh.next().value);
}
