import fc from 'fast-check';
import {
  type ActivationFunction,
  type Id,
  type Network,
  NetworkBuilder,
  type Padding,
} from '../../src/network/index.js';

/** What the random networks of a property may be made of. */
export interface RandomNetworkOptions {
  /** Largest number of blocks before the head; 5 where it is left out. */
  readonly maxBlocks?: number;
  /** Whether every network ends in global pooling and a dense layer, as a classifier does; else half of them do. */
  readonly head?: boolean;
}

/**
 * Small random networks: inputs of 6 to 20 rows and columns, then blocks of convolutions (kernels 1, 3 and 5, strides
 * 1 and 2, `same`, `valid` or lopsided padding, groups), depthwise convolutions, pools, normalisation, activations,
 * residual additions, concatenated branches, space-to-depth, and now and then one of the rarer layers, in series.
 *
 * The shape of what is built depends on the drawn numbers alone, so a failing case shrinks and repeats.
 */
export function randomNetwork(options: RandomNetworkOptions = {}): fc.Arbitrary<Network> {
  const side = fc.integer({ min: 6, max: 20 });
  return fc
    .record({
      height: side,
      width: side,
      channels: fc.integer({ min: 1, max: 4 }),
      blocks: fc.array(block, { minLength: 1, maxLength: options.maxBlocks ?? 5 }),
      head: options.head === true ? fc.constant(true) : fc.boolean(),
      softmax: fc.boolean(),
      units: fc.integer({ min: 1, max: 6 }),
    })
    .map((recipe) => {
      const b = new NetworkBuilder('random');
      let x = b.input([recipe.height, recipe.width, recipe.channels]);
      for (const part of recipe.blocks) x = addBlock(b, x, part);
      if (!recipe.head) return b.build(x);
      const logits = b.dense(b.globalAvgPool(x), { units: recipe.units });
      return b.build(recipe.softmax ? b.softmax(logits) : logits);
    })
    .map(withReadableText);
}

type Kernel = 1 | 3 | 5;

interface Convolve {
  readonly kernel: Kernel;
  readonly stride: 1 | 2;
  readonly padding: 'same' | 'valid' | 'lopsided';
  readonly depthwise: boolean;
  readonly filters: number;
  readonly grouped: boolean;
  readonly dilated: boolean;
  readonly bias: boolean;
  readonly norm: boolean;
  readonly activation: 'none' | ActivationFunction;
}

type Block =
  | { readonly kind: 'plain'; readonly convolve: Convolve }
  | {
      readonly kind: 'pool';
      readonly max: boolean;
      readonly kernel: 2 | 3;
      readonly stride: 1 | 2;
      readonly same: boolean;
      readonly countPadding: boolean;
    }
  /** A pre-activated residual block; the shortcut is a 1x1 convolution where the shapes differ. */
  | { readonly kind: 'residual'; readonly first: Convolve; readonly second: Convolve }
  | { readonly kind: 'branches'; readonly left: Convolve; readonly right: Convolve; readonly skip: boolean }
  | { readonly kind: 'spaceToDepth' }
  /** ShuffleNet's exchange, a split into halves, or squeeze-and-excite: one layer or a few that follow each other. */
  | { readonly kind: Small };

const small = [
  'shuffle',
  'halves',
  'excite',
  'pixelShuffle',
  'margin',
  'crop',
  'layerNorm',
  'responseNorm',
  'prelu',
  'constant',
  'channelwise',
  'transposed',
  'resize',
  'dropout',
] as const;
type Small = (typeof small)[number];

const convolve: fc.Arbitrary<Convolve> = fc.record({
  kernel: fc.constantFrom<Kernel>(3, 1, 5),
  stride: fc.constantFrom<1 | 2>(1, 2),
  padding: fc.constantFrom<Convolve['padding']>('same', 'valid', 'lopsided'),
  depthwise: fc.boolean(),
  filters: fc.integer({ min: 1, max: 6 }),
  grouped: fc.boolean(),
  dilated: fc.boolean(),
  bias: fc.boolean(),
  norm: fc.boolean(),
  activation: fc.constantFrom<Convolve['activation']>(
    'none',
    'relu',
    'relu6',
    'leakyRelu',
    'tanh',
    'hardSwish',
    'gelu',
  ),
});

const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('plain' as const), convolve }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pool' as const),
      max: fc.boolean(),
      kernel: fc.constantFrom<2 | 3>(2, 3),
      stride: fc.constantFrom<1 | 2>(2, 1),
      same: fc.boolean(),
      countPadding: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('residual' as const), first: convolve, second: convolve }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('branches' as const),
      left: convolve,
      right: convolve,
      skip: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('spaceToDepth' as const) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom(...small) }) },
);

function addBlock(b: NetworkBuilder, x: Id, part: Block): Id {
  const [height, width, channels] = b.shapeOf(x);
  switch (part.kind) {
    case 'plain':
      return addConvolve(b, x, part.convolve);
    case 'pool': {
      const padding = part.same || Math.min(height, width) < part.kernel ? 'same' : 'valid';
      const options = { kernel: part.kernel, stride: part.stride, padding } as const;
      if (part.max) return b.maxPool(x, options);
      const pool = { kernel: [part.kernel, part.kernel], stride: [part.stride, part.stride] } as const;
      return b.put({ kind: 'avgPool', inputs: [x], ...pool, padding, countPadding: part.countPadding });
    }
    case 'residual': {
      const activated = b.relu(b.batchNorm(x));
      const middle = addConvolve(b, activated, { ...part.first, padding: 'same', depthwise: false });
      const last = addConvolve(b, middle, {
        ...part.second,
        padding: 'same',
        stride: 1,
        activation: 'none',
      });
      const after = b.shapeOf(last);
      const plain = b.shapeOf(x).every((size, axis) => size === after[axis]);
      const shortcut = { filters: after[2], kernel: 1, stride: part.first.stride };
      return b.sum([last, plain ? x : b.conv2d(activated, shortcut)]);
    }
    case 'branches': {
      const shared = { padding: 'same', stride: 1 } as const;
      const left = addConvolve(b, x, { ...part.left, ...shared });
      const right = addConvolve(b, x, { ...part.right, ...shared });
      return b.concat(part.skip ? [left, x, right] : [left, right]);
    }
    case 'spaceToDepth':
      return height % 2 === 0 && width % 2 === 0 && channels <= 8 ? b.spaceToDepth(x, 2) : b.relu(x);
    default:
      return addSmall(b, x, part.kind);
  }
}

function addSmall(b: NetworkBuilder, x: Id, kind: Small): Id {
  const shape = b.shapeOf(x);
  const [height, width, channels] = shape;
  const inputs = [x];
  switch (kind) {
    case 'shuffle':
      return b.put({ kind: 'channelShuffle', inputs, groups: channels % 2 === 0 ? 2 : 1 });
    case 'halves': {
      const half = Math.ceil(channels / 2);
      const part = (from: number, count: number) =>
        b.put({ kind: 'slice', inputs, begin: [0, 0, from], size: [height, width, count] });
      return half === channels ? b.relu(x) : b.concat([part(half, channels - half), b.relu(part(0, half))]);
    }
    case 'excite': {
      const scale = b.activation(b.dense(b.globalAvgPool(x), { units: channels }), 'hardSigmoid');
      return b.put({ kind: 'multiply', inputs: [x, scale] });
    }
    case 'pixelShuffle':
      return channels % 4 === 0 && height * width < 200
        ? b.put({ kind: 'depthToSpace', inputs, block: 2, order: height % 2 === 0 ? 'first' : 'last' })
        : b.relu(x);
    case 'margin': {
      const sides = { rows: [1, 2], columns: [3, 0], channels: [0, 1] } as const;
      return height * width < 400
        ? b.put({ kind: 'pad', inputs, ...sides, mode: 'constant', value: 0.3 })
        : x;
    }
    case 'crop':
      return height > 3 && width > 3
        ? b.put({ kind: 'slice', inputs, begin: [1, 2, 0], size: [height - 2, width - 2, channels] })
        : b.relu(x);
    case 'layerNorm':
      // Over a single channel it would give zeros, whose differences are noise.
      return channels > 2 ? b.put({ kind: 'layerNorm', inputs, epsilon: 0.1 }) : b.relu(x);
    case 'responseNorm':
      return b.put({ kind: 'localResponseNorm', inputs, size: 3, alpha: 0.1, beta: 0.75, bias: 1 });
    case 'prelu':
      return b.put({ kind: 'prelu', inputs, perChannel: width % 2 === 0 });
    case 'constant': {
      const values = Array.from({ length: channels }, (_, index) => Math.cos(index));
      const constant = b.put({ kind: 'constant', inputs: [], shape: [1, 1, channels], values });
      return b.put({ kind: 'subtract', inputs: [x, constant] });
    }
    case 'channelwise': {
      const filters = channels % 2 === 0 ? 2 : 1;
      const window = { kernel: [1, 1], stride: [1, 1], padding: 'same', bias: true } as const;
      const depth = { depth: 3, depthStride: filters, depthPadding: 'same', filters } as const;
      return b.put({ kind: 'channelConv2d', inputs, ...window, ...depth });
    }
    case 'transposed': {
      if (height * width > 100) return b.relu(x);
      const window = { kernel: [3, 2], stride: [2, 1], padding: 'same' } as const;
      return b.put({ kind: 'convTranspose2d', inputs, ...window, filters: 3, groups: 1, bias: true });
    }
    case 'resize': {
      const size = [Math.min(height + 3, 20), Math.max(1, width - 2)] as const;
      return b.put({ kind: 'resize', inputs, size, interpolation: 'bilinear', coordinates: 'halfPixel' });
    }
    case 'dropout':
      return b.put({ kind: 'dropout', inputs });
  }
}

function addConvolve(b: NetworkBuilder, x: Id, wanted: Convolve): Id {
  const [height, width, channels] = b.shapeOf(x);
  const { kernel, stride, bias } = wanted;
  const dilation = wanted.dilated && stride === 1 && kernel > 1 ? 2 : 1;
  const span = (kernel - 1) * dilation + 1;
  const fits = Math.min(height, width) >= span;
  const padding: Padding =
    wanted.padding === 'same' || !fits
      ? 'same'
      : wanted.padding === 'valid'
        ? 'valid'
        : { top: kernel >> 1, bottom: kernel >> 2, left: 0, right: kernel >> 1 };
  const window = { kernel, stride, padding, dilation };
  const groups = wanted.grouped && channels % 2 === 0 && wanted.filters % 2 === 0 ? 2 : 1;
  let y = wanted.depthwise
    ? b.depthwiseConv2d(x, { ...window, bias })
    : b.conv2d(x, { ...window, filters: wanted.filters, groups, bias });
  if (wanted.norm) y = b.batchNorm(y);
  if (wanted.activation === 'none') return y;
  return b.activation(y, wanted.activation, wanted.activation === 'leakyRelu' ? { alpha: 0.1 } : {});
}

/** What fast-check prints of a failing network: its layers, one a line, instead of nested maps. */
function withReadableText(network: Network): Network {
  const text = () => network.layers.map((layer) => JSON.stringify(layer)).join('\n');
  return Object.defineProperty({ ...network }, fc.toStringMethod, {
    value: text,
    enumerable: false,
  }) as Network;
}
