import type { RandomStream } from '../foundation/index.js';
import { type Kernel, lower, lowerWhole } from '../kernel/index.js';
import { type Id, NetworkBuilder, type Padding } from '../network/index.js';

type Draw = RandomStream;

/**
 * The kernel of one layer of random kind and size, of the sizes that networks for small devices have. Kinds come as
 * often as they matter: most of the time of most networks goes into convolutions.
 */
export function randomLayerKernel(draw: Draw): Kernel {
  if (draw.uniform() < MOVEMENT_SHARE) return randomMovementKernel(draw);
  const b = new NetworkBuilder('sample');
  const [, layer] = pickWeighted(draw, kinds);
  const kernels = lowerWhole(b.build(layer(b, draw))).kernels;
  // The last layer is what was drawn; what stands before it only makes its inputs.
  return kernels.at(-1)!;
}

/** A whole number between two bounds, each factor of two equally likely. */
export function logUniform(draw: Draw, from: number, to: number): number {
  return Math.round(from * (to / from) ** draw.uniform());
}

/** One of some values, each with its weight. */
export function pickWeighted<T extends readonly [weight: number, ...unknown[]]>(
  draw: Draw,
  choices: readonly T[],
): T {
  let left = draw.uniform() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const choice of choices) {
    left -= choice[0];
    if (left < 0) return choice;
  }
  return choices.at(-1)!;
}

export function pick<T>(draw: Draw, values: readonly T[]): T {
  return values[draw.integer(values.length)]!;
}

/** Share of kernels that put pieces together, cut them, or turn bytes into numbers. */
const MOVEMENT_SHARE = 0.06;

/** The kernel that assembles a map from strips, cuts one out of it, or turns an image into numbers. */
function randomMovementKernel(draw: Draw): Kernel {
  const b = new NetworkBuilder('sample');
  const isImage = draw.uniform() < 0.5;
  const channels = isImage ? pick(draw, [1, 3]) : channelCount(draw);
  const [height, width] = mapShape(draw, isImage ? 224 : 64, channels);
  const input = b.input([height, width, channels]);
  const network = b.build(b.relu(input));
  const dtype = isImage ? ('uint8' as const) : ('float32' as const);
  const parts = Math.min(height, pickWeighted(draw, [[3, 1] as const, [2, 2] as const, [3, 9] as const])[1]);
  const count = parts > 2 ? Math.min(height, 2 + draw.integer(8)) : parts;
  const held = Array.from({ length: count }, (_, index) => ({
    layer: input,
    dtype,
    region: {
      rows: [Math.floor((height * index) / count), Math.floor((height * (index + 1)) / count)] as const,
      columns: [0, width] as const,
    },
  }));
  // With one part, only some of it is wanted.
  const rows = count > 1 ? height : Math.max(1, Math.floor(height * draw.uniform()));
  const write = { layer: network.output, region: { rows: [0, rows] as const, columns: [0, width] as const } };
  const moving = lower(network, held, [write]).kernels.filter(({ family }) => family !== 'activation');
  if (moving.length > 0) return pick(draw, moving);
  // A relu reads a cut map as it is; a demand for the map itself cuts it.
  return lower(network, held, [{ ...write, layer: input }]).kernels.at(-1) ?? randomMovementKernel(draw);
}

type MakeLayer = (b: NetworkBuilder, draw: Draw) => Id;

const kinds: readonly (readonly [weight: number, MakeLayer])[] = [
  [26, (b, draw) => convolution(b, draw, 3)],
  [20, (b, draw) => convolution(b, draw, 1)],
  [8, (b, draw) => convolution(b, draw, pick(draw, [2, 4, 5, 7]))],
  [11, depthwise],
  [8, dense],
  [5, (b, draw) => pool(b, draw)],
  [3, (b, draw) => b.globalAvgPool(map(b, draw, 32))],
  [4, (b, draw) => b.batchNorm(map(b, draw))],
  [4, (b, draw) => b.activation(map(b, draw), pick(draw, ['relu', 'relu6', 'leakyRelu', 'sigmoid', 'tanh']))],
  [5, (b, draw) => sum(b, draw)],
  [4, concatenation],
  [1, (b, draw) => b.softmax(b.input([1, 1, logUniform(draw, 2, 1000)]))],
  [2, reorganisation],
];

function convolution(b: NetworkBuilder, draw: Draw, kernel: number): Id {
  const channels = pickWeighted(draw, [[8, 0] as const, [1, 1] as const, [1, 3] as const])[1];
  const x = map(b, draw, 112, channels === 0 ? channelCount(draw) : channels);
  const { stride, padding } = strideAndPadding(draw, kernel);
  const y = b.conv2d(x, { filters: channelCount(draw), kernel, stride, padding, bias: draw.uniform() < 0.9 });
  return activated(b, draw, y);
}

function depthwise(b: NetworkBuilder, draw: Draw): Id {
  const kernel = pickWeighted(draw, [[8, 3] as const, [2, 5] as const, [1, 7] as const])[1];
  const { stride, padding } = strideAndPadding(draw, kernel);
  return activated(b, draw, b.depthwiseConv2d(map(b, draw), { kernel, stride, padding }));
}

function dense(b: NetworkBuilder, draw: Draw): Id {
  const x = b.input([1, 1, logUniform(draw, 8, 8192)]);
  return activated(b, draw, b.dense(x, { units: logUniform(draw, 2, 2048) }));
}

function pool(b: NetworkBuilder, draw: Draw): Id {
  const kernel = pick(draw, [2, 3]);
  const stride = pickWeighted(draw, [[3, 2] as const, [1, 1] as const])[1];
  const x = map(b, draw);
  return draw.uniform() < 0.7 ? b.maxPool(x, { kernel, stride }) : b.avgPool(x, { kernel, stride });
}

function sum(b: NetworkBuilder, draw: Draw): Id {
  const shape = mapShape(draw, 64, channelCount(draw));
  return b.sum([b.input(shape), b.input(shape)]);
}

function concatenation(b: NetworkBuilder, draw: Draw): Id {
  const [height, width] = mapShape(draw, 64, 1);
  const parts = 2 + draw.integer(7);
  return b.concat(Array.from({ length: parts }, () => b.input([height, width, channelCount(draw)])));
}

function reorganisation(b: NetworkBuilder, draw: Draw): Id {
  const [height, width, channels] = mapShape(draw, 64, channelCount(draw));
  return draw.uniform() < 0.5
    ? b.spaceToDepth(b.input([2 * height, 2 * width, channels]), 2)
    : b.upsample(b.input([height, width, channels]), 2, pick(draw, ['nearest', 'bilinear']));
}

function map(b: NetworkBuilder, draw: Draw, largest = 112, channels = channelCount(draw)): Id {
  return b.input(mapShape(draw, largest, channels));
}

/** Square, or a strip or tile of a map: anything down to a quarter as high as wide. */
function mapShape(draw: Draw, largest: number, channels: number): [number, number, number] {
  const width = logUniform(draw, 4, largest);
  const height =
    draw.uniform() < 0.5 ? width : Math.max(3, Math.round(width * (0.25 + 0.75 * draw.uniform())));
  return [height, width, channels];
}

/** Half of the counts are multiples of eight, as in most networks. */
function channelCount(draw: Draw): number {
  const count = logUniform(draw, 4, 768);
  return draw.uniform() < 0.5 ? Math.max(8, 8 * Math.round(count / 8)) : count;
}

function strideAndPadding(draw: Draw, kernel: number): { stride: number; padding: Padding } {
  const stride = draw.uniform() < 0.75 ? 1 : 2;
  const before = Math.floor((kernel - 1) / 2);
  // A piece of a map has its padding on some sides only.
  const side = () => (draw.uniform() < 0.75 ? before : 0);
  const padding =
    draw.uniform() < 0.6 ? 'same' : { top: side(), bottom: kernel, left: side(), right: side() };
  return { stride, padding };
}

function activated(b: NetworkBuilder, draw: Draw, x: Id): Id {
  const chosen = pickWeighted(draw, [
    [5, 'relu'] as const,
    [3, 'none'] as const,
    [1, 'relu6'] as const,
    [3, 'leakyRelu'] as const,
    [0.3, 'sigmoid'] as const,
  ])[1];
  return chosen === 'none' ? x : b.activation(x, chosen);
}
