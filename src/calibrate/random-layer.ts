import type { RandomStream } from '../foundation/index.js';
import { type Kernel, lower, lowerWhole } from '../kernel/index.js';
import { type Id, NetworkBuilder, type Padding } from '../network/index.js';

import { channelCount, imageSize, logUniform, pick, pickWeighted, place } from './layer-place.js';

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
  // The last layer is what was drawn; what stands before it only makes its inputs. Some change nothing: no kernel is left.
  return kernels.at(-1) ?? randomLayerKernel(draw);
}

/** Share of kernels that put pieces together, cut them, or turn bytes into numbers. */
const MOVEMENT_SHARE = 0.04;

/** The kernel that assembles a map from strips, cuts one out of it, or turns an image into numbers. */
function randomMovementKernel(draw: Draw): Kernel {
  const b = new NetworkBuilder('sample');
  const isImage = draw.uniform() < 0.5;
  const drawn = place(draw).map;
  const channels = isImage ? pick(draw, [1, 3]) : drawn[2];
  const [height, width] = isImage ? imageSize(draw, 0) : drawn;
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
  [28, (b, draw) => convolution(b, draw, [3, 3])],
  [24, (b, draw) => convolution(b, draw, [1, 1])],
  [5, firstConvolution],
  [4, (b, draw) => convolution(b, draw, oddWindow(draw))],
  [3, laterKeywordConvolution],
  [14, depthwise],
  [8, dense],
  [5, pool],
  [4, (b, draw) => b.globalAvgPool(b.input(place(draw).map))],
  [2, (b, draw) => b.batchNorm(b.input(place(draw).map))],
  [4, (b, draw) => b.activation(b.input(place(draw).map), pick(draw, standingActivations))],
  [5, sum],
  [4, concatenation],
  [2, (b, draw) => b.softmax(b.input([1, 1, logUniform(draw, 2, 1000)]))],
  [1, reorganisation],
];

const standingActivations = ['relu', 'relu', 'relu', 'relu6', 'leakyRelu', 'sigmoid', 'tanh'] as const;

function convolution(b: NetworkBuilder, draw: Draw, kernel: readonly [number, number]): Id {
  const { map, filters: drawn } = place(draw);
  const filters = Math.min(drawn, Math.max(8, Math.floor(MOST_WEIGHTS / (kernel[0] * kernel[1] * map[2]))));
  const { stride, padding } = strideAndPadding(draw, kernel);
  const x = b.input(map);
  return activated(b, draw, b.conv2d(x, { filters, kernel, stride, padding, bias: draw.uniform() < 0.9 }));
}

/** Those of the largest convolutions that networks have: 512 to 512 channels, 3x3. */
const MOST_WEIGHTS = 2_400_000;

/** The convolution that reads the image or the spectrogram. */
function firstConvolution(b: NetworkBuilder, draw: Draw): Id {
  const isImage = draw.uniform() < 0.65;
  const [height, width] = isImage ? imageSize(draw, 0) : [logUniform(draw, 25, 110), logUniform(draw, 8, 44)];
  const x = b.input([height, width, isImage && draw.uniform() < 0.8 ? 3 : 1]);
  const kernel = isImage
    ? pick(draw, [[3, 3] as const, [3, 3] as const, [5, 5] as const, [7, 7] as const])
    : pick(draw, [[3, 3] as const, [10, 4] as const, [10, 4] as const, [20, 8] as const, oddWindow(draw)]);
  const { padding } = strideAndPadding(draw, kernel);
  const stride = pick(draw, [[1, 1] as const, [2, 2] as const, [2, 1] as const]);
  const filters = channelCount(draw, logUniform(draw, 4, isImage ? 96 : 300));
  return activated(b, draw, b.conv2d(x, { filters, kernel, stride, padding }));
}

/** Keyword networks without depthwise layers have a second convolution with a long window, over all channels of the first. */
function laterKeywordConvolution(b: NetworkBuilder, draw: Draw): Id {
  const halved = () => 1 + draw.integer(2);
  const x = b.input([
    Math.ceil(logUniform(draw, 25, 110) / halved()),
    Math.ceil(logUniform(draw, 8, 44) / halved()),
    channelCount(draw, logUniform(draw, 12, 128)),
  ]);
  const kernel = pick(draw, [[10, 4] as const, [10, 4] as const, oddWindow(draw)]);
  const { padding } = strideAndPadding(draw, kernel);
  const stride = pick(draw, [[1, 1] as const, [2, 1] as const, [2, 2] as const]);
  const filters = channelCount(draw, logUniform(draw, 12, 128));
  return activated(b, draw, b.conv2d(x, { filters, kernel, stride, padding }));
}

/** Windows other than 3x3 and 1x1; those of keyword networks are longer in time than in frequency. */
function oddWindow(draw: Draw): readonly [number, number] {
  const side = pick(draw, [2, 4, 5, 5, 7]);
  if (draw.uniform() < 0.6) return [side, side];
  return pick(draw, [[10, 4] as const, [1 + draw.integer(20), 1 + draw.integer(9)] as const]);
}

function depthwise(b: NetworkBuilder, draw: Draw): Id {
  const side = pickWeighted(draw, [[16, 3] as const, [2, 5] as const, [1, 7] as const])[1];
  const { stride, padding } = strideAndPadding(draw, [side, side]);
  return activated(b, draw, b.depthwiseConv2d(b.input(place(draw).map), { kernel: side, stride, padding }));
}

function dense(b: NetworkBuilder, draw: Draw): Id {
  const inputs = pickWeighted(draw, [
    [4, channelCount(draw, logUniform(draw, 8, 1536))] as const,
    [
      3,
      Math.min(
        20_000,
        place(draw).map.reduce((a, size) => a * size, 1),
      ),
    ] as const,
    [2, logUniform(draw, 8, 8192)] as const,
  ])[1];
  const units = pickWeighted(draw, [
    [3, logUniform(draw, 2, 128)] as const,
    [2, channelCount(draw, logUniform(draw, 8, 1024))] as const,
    [1, logUniform(draw, 2, 2048)] as const,
  ])[1];
  return activated(b, draw, b.dense(b.input([1, 1, inputs]), { units }));
}

function pool(b: NetworkBuilder, draw: Draw): Id {
  const kernel = pick(draw, [2, 2, 3]);
  const stride = pickWeighted(draw, [[5, 2] as const, [1, 1] as const])[1];
  const padding = pick(draw, ['same', 'valid'] as const);
  const x = b.input(place(draw).map);
  return draw.uniform() < 0.7
    ? b.maxPool(x, { kernel, stride, padding })
    : b.avgPool(x, { kernel, stride, padding });
}

function sum(b: NetworkBuilder, draw: Draw): Id {
  const { map } = place(draw);
  const y = b.sum([b.input(map), b.input(map)]);
  return draw.uniform() < 0.5 ? activated(b, draw, y) : y;
}

function concatenation(b: NetworkBuilder, draw: Draw): Id {
  const [height, width, channels] = place(draw).map;
  const parts = pickWeighted(draw, [[3, 2] as const, [2, 3 + draw.integer(6)] as const])[1];
  const alike = draw.uniform() < 0.5;
  const count = () => channelCount(draw, alike ? channels : logUniform(draw, 4, 512));
  return b.concat(Array.from({ length: parts }, () => b.input([height, width, count()])));
}

function reorganisation(b: NetworkBuilder, draw: Draw): Id {
  const [height, width, channels] = place(draw).map;
  return draw.uniform() < 0.5
    ? b.spaceToDepth(b.input([2 * height, 2 * width, channels]), 2)
    : b.upsample(b.input([height, width, channels]), 2, pick(draw, ['nearest', 'bilinear']));
}

function strideAndPadding(
  draw: Draw,
  [height, width]: readonly [number, number],
): { stride: number; padding: Padding } {
  const stride = draw.uniform() < 0.78 ? 1 : 2;
  const kind = draw.uniform();
  if (kind < 0.78) return { stride, padding: 'same' };
  if (kind < 0.88) return { stride, padding: 'valid' };
  // A piece of a map has its padding on some sides only.
  const side = (size: number) => (draw.uniform() < 0.5 ? Math.floor((size - 1) / 2) : 0);
  const [top, bottom, left, right] = [side(height), side(height), side(width), side(width)];
  return { stride, padding: { top, bottom, left, right } };
}

function activated(b: NetworkBuilder, draw: Draw, x: Id): Id {
  const chosen = pickWeighted(draw, [
    [6, 'relu'] as const,
    [3, 'none'] as const,
    [2, 'relu6'] as const,
    [1, 'leakyRelu'] as const,
    [0.3, 'sigmoid'] as const,
  ])[1];
  return chosen === 'none' ? x : b.activation(x, chosen);
}
