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
import { logUniform, pick, pickWeighted, randomLayerKernel } from './random-layer.js';

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
  [1, 'mobilenet-v1-0.25'],
  [1, 'vgg16'],
  [1, 'yolov2'],
  [1, 'yolov2', 224],
];

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
 * Endless kernels to measure, no two alike: a third is drawn from the layers of known networks, a quarter from strips
 * and tiles of them, the rest is random. Depends on the seed alone, so a larger budget sees what a smaller one
 * saw, and more.
 */
export function* sampleKernels(seed: number, { most, usual }: SampleSizes): Generator<Kernel, never> {
  const draw = randomStream(seed, 'calibrate/kernels');
  const networks = new Map<string, Sampled>();
  const seen = new Set<string>();
  for (;;) {
    const kernel = drawKernel(draw, networks);
    if (kernel === undefined || seen.has(kernel.key)) continue;
    const size = sizeOf(kernel);
    if (size > most || draw.uniform() > Math.sqrt(usual / Math.max(size, usual))) continue;
    seen.add(kernel.key);
    yield kernel;
  }
}

/** Kernels of random layers alone, for checking a profile on what it was not fitted to. */
export function* freshKernels(seed: number, most: number): Generator<Kernel, never> {
  const draw = randomStream(seed, 'validate/kernels');
  for (;;) {
    const kernel = tryKernel(() => randomLayerKernel(draw));
    if (kernel !== undefined && sizeOf(kernel) <= most) yield kernel;
  }
}

function sizeOf({ flops, bytes }: Kernel): number {
  return Math.max(flops, FLOPS_OF_A_BYTE * bytes);
}

/** A network and its kernels, undivided. */
interface Sampled {
  readonly network: Network;
  readonly kernels: readonly Kernel[];
}

function drawKernel(draw: RandomStream, networks: Map<string, Sampled>): Kernel | undefined {
  const kind = draw.uniform();
  if (kind > 0.58) return tryKernel(() => randomLayerKernel(draw));
  const [, name, input] = pickWeighted(draw, sampled);
  const key = `${name} ${input}`;
  let known = networks.get(key);
  if (known === undefined) {
    const network = zooNetwork(name, input === undefined ? {} : { input });
    known = { network, kernels: lowerWhole(network).kernels };
    networks.set(key, known);
  }
  const { network, kernels } = known;
  if (kind > 0.25) return pick(draw, kernels);
  return tryKernel(() => pick(draw, pieceKernels(draw, network)));
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
function tryKernel(draw: () => Kernel): Kernel | undefined {
  try {
    return draw();
  } catch (error) {
    if (error instanceof NonnError) return undefined;
    throw error;
  }
}

/** Small kernels of every kind, to warm up with. */
export function warmUpKernels(): readonly Kernel[] {
  const fresh = freshKernels(0, 1e6);
  return Array.from({ length: 48 }, () => fresh.next().value);
}
