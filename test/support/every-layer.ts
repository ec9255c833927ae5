import {
  type ActivationFunction,
  type ChannelConv2d,
  type ConvTranspose2d,
  type Id,
  type Network,
  NetworkBuilder,
  type Shape,
  type Unnamed,
} from '../../src/network/index.js';

/** A small network for each kind of layer, in each of its forms, by a name that says which. */
export function everyLayer(): readonly (readonly [name: string, network: Network])[] {
  return [...sliding(), ...activations(), ...normalised(), ...pooled(), ...combined(), ...moved()];
}

type Case = readonly [name: string, network: Network];
type Make = (b: NetworkBuilder, x: Id) => Id;

/** A network of one layer or a few over an input of a shape. */
function made(name: string, shape: Shape, make: Make): Case {
  const b = new NetworkBuilder(name);
  return [name, b.build(make(b, b.input(shape)))];
}

/** A network of one layer over an input of a shape. */
function put(name: string, shape: Shape, layer: (inputs: readonly Id[]) => Unnamed): Case {
  return made(name, shape, (b, x) => b.put(layer([x])));
}

function sliding(): readonly Case[] {
  const transposed =
    (changes: Partial<ConvTranspose2d>) =>
    (inputs: readonly Id[]): Unnamed => ({
      kind: 'convTranspose2d',
      inputs,
      kernel: [3, 2],
      stride: [2, 2],
      padding: 'same',
      filters: 6,
      groups: 1,
      bias: true,
      ...changes,
    });
  const channelwise =
    (changes: Partial<ChannelConv2d>) =>
    (inputs: readonly Id[]): Unnamed => ({
      kind: 'channelConv2d',
      inputs,
      kernel: [1, 1],
      stride: [1, 1],
      padding: 'same',
      filters: 1,
      depth: 4,
      depthStride: 1,
      depthPadding: 'same',
      bias: false,
      ...changes,
    });
  const paddings = ['same', 'valid', { top: 1, bottom: 0, left: 1, right: 0 }] as const;
  return [
    made('dilated and grouped convolution', [9, 8, 4], (b, x) =>
      b.conv2d(x, { filters: 6, kernel: 3, dilation: [2, 1], groups: 2 }),
    ),
    made('dilated convolution without padding', [9, 8, 4], (b, x) =>
      b.conv2d(x, { filters: 3, kernel: [3, 2], dilation: 3, padding: 'valid' }),
    ),
    made('dilated depthwise convolution', [7, 8, 3], (b, x) =>
      b.depthwiseConv2d(x, { kernel: 3, dilation: 2, multiplier: 2 }),
    ),
    ...paddings.flatMap((padding, index) =>
      ([1, 2, 3] as const).map((stride) =>
        put(
          `transposed convolution ${index}, stride ${stride}`,
          [4, 5, 4],
          transposed({ padding, stride: [stride, 2] }),
        ),
      ),
    ),
    put('transposed convolution that adds a row', [4, 5, 4], transposed({ outputPadding: [1, 0] })),
    put(
      'transposed convolution with little padding that adds a row',
      [4, 5, 4],
      transposed({ padding: 'valid', outputPadding: [1, 1] }),
    ),
    put('transposed convolution in groups', [4, 5, 4], transposed({ groups: 2, bias: false })),
    put('channel-wise convolution', [4, 5, 10], channelwise({})),
    put('channel-wise convolution without padding', [4, 5, 10], channelwise({ depthPadding: 'valid' })),
    put(
      'grouped channel-wise convolution',
      [4, 5, 12],
      channelwise({ filters: 3, depthStride: 3, bias: true }),
    ),
    put(
      'convolutional classification layer',
      [4, 4, 10],
      channelwise({ depthPadding: 'valid', kernel: [4, 4], padding: 'valid' }),
    ),
    put(
      'convolution over pixels and channels',
      [5, 6, 7],
      channelwise({ filters: 2, depthStride: 2, bias: true, kernel: [3, 2], stride: [2, 1] }),
    ),
    made('table of rows', [2, 3, 1], (b, x) => {
      const rows = b.put({ kind: 'multiply', inputs: [x, number(b, 5)] });
      return b.put({ kind: 'embedding', inputs: [rows], vocabulary: 4, units: 3 });
    }),
    made('product of matrices', [2, 4, 3], (b, x) => {
      const other = b.put({
        kind: 'transpose',
        inputs: [b.conv2d(x, { filters: 3, kernel: 1 })],
        permutation: [0, 2, 1],
      });
      return b.put({ kind: 'matmul', inputs: [x, other], transposeB: false });
    }),
    made('product with a transposed matrix', [2, 4, 3], (b, x) =>
      b.put({ kind: 'matmul', inputs: [x, b.relu(x)], transposeB: true }),
    ),
  ];
}

/** Activations that networks are made of, then bare functions on numbers above zero. */
const signed: readonly ActivationFunction[] = [
  'relu',
  'relu6',
  'leakyRelu',
  'sigmoid',
  'tanh',
  'elu',
  'selu',
  'hardSigmoid',
  'hardSwish',
  'swish',
  'gelu',
  'geluTanh',
  'softplus',
  'softsign',
  'mish',
  'square',
  'abs',
  'negate',
  'erf',
  'exp',
];
const positive: readonly ActivationFunction[] = ['log', 'sqrt', 'reciprocal'];

function activations(): readonly Case[] {
  const spread = (b: NetworkBuilder, x: Id) =>
    b.put({
      kind: 'multiply',
      inputs: [b.put({ kind: 'subtract', inputs: [x, number(b, 0.5)] }), number(b, 9)],
    });
  const shape: Shape = [5, 4, 3];
  return [
    ...signed.map((fn) => made(fn, shape, (b, x) => b.activation(spread(b, x), fn))),
    ...positive.map((fn) =>
      made(fn, shape, (b, x) => b.activation(b.put({ kind: 'add', inputs: [x, number(b, 0.2)] }), fn)),
    ),
    made('elu with a scale', shape, (b, x) => b.activation(spread(b, x), 'elu', { alpha: 0.4 })),
    made('hard sigmoid of PyTorch', shape, (b, x) =>
      b.put({ kind: 'activation', function: 'hardSigmoid', inputs: [spread(b, x)], alpha: 1 / 6, beta: 0.5 }),
    ),
    made('clip from both sides', shape, (b, x) =>
      b.put({ kind: 'activation', function: 'clip', inputs: [spread(b, x)], alpha: -1, beta: 2 }),
    ),
    made('clip from below', shape, (b, x) => b.activation(spread(b, x), 'clip', { alpha: -1 })),
    made('slopes a channel', shape, (b, x) =>
      b.put({ kind: 'prelu', inputs: [spread(b, x)], perChannel: true }),
    ),
    made('slopes an element', shape, (b, x) =>
      b.put({ kind: 'prelu', inputs: [spread(b, x)], perChannel: true, perPixel: true }),
    ),
    made('one slope', shape, (b, x) => b.put({ kind: 'prelu', inputs: [spread(b, x)], perChannel: false })),
  ];
}

function normalised(): readonly Case[] {
  return [
    put('normalisation without scale', [5, 4, 6], (inputs) => ({
      kind: 'batchNorm',
      inputs,
      epsilon: 1e-3,
      scale: false,
    })),
    made('folded normalisation without offset', [5, 4, 6], (b, x) =>
      b.put({
        kind: 'batchNorm',
        inputs: [b.conv2d(x, { filters: 3, kernel: 1 })],
        epsilon: 1e-3,
        center: false,
      }),
    ),
    put('normalisation of each pixel', [5, 4, 6], (inputs) => ({ kind: 'layerNorm', inputs, epsilon: 1e-5 })),
    put('local response normalisation', [5, 4, 9], (inputs) => ({
      kind: 'localResponseNorm',
      inputs,
      size: 5,
      alpha: 0.1,
      beta: 0.75,
      bias: 2,
    })),
  ];
}

function pooled(): readonly Case[] {
  return [
    put('average that counts its padding', [7, 6, 3], (inputs) => ({
      kind: 'avgPool',
      inputs,
      kernel: [3, 3],
      stride: [2, 1],
      padding: { top: 1, bottom: 1, left: 1, right: 1 },
      countPadding: true,
    })),
    put('pool that rounds up', [6, 6, 3], (inputs) => ({
      kind: 'maxPool',
      inputs,
      kernel: [3, 3],
      stride: [2, 2],
      padding: { top: 0, bottom: 1, left: 0, right: 1 },
    })),
    put('global maximum', [5, 4, 3], (inputs) => ({ kind: 'globalMaxPool', inputs })),
  ];
}

function combined(): readonly Case[] {
  const kinds = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'] as const;
  const other = (b: NetworkBuilder, x: Id) => b.activation(b.conv2d(x, { filters: 3, kernel: 1 }), 'exp');
  return [
    ...kinds.map((kind) => made(kind, [5, 4, 3], (b, x) => b.put({ kind, inputs: [x, other(b, x)] }))),
    made('squeeze and excite', [5, 4, 3], (b, x) => {
      const scale = b.activation(b.dense(b.globalAvgPool(x), { units: 3 }), 'sigmoid');
      return b.put({ kind: 'multiply', inputs: [x, scale] });
    }),
    made('attention that repeats its first map along the channels', [5, 4, 3], (b, x) =>
      b.put({ kind: 'multiply', inputs: [b.conv2d(x, { filters: 1, kernel: 3 }), x, other(b, x)] }),
    ),
    made('constant map', [5, 4, 3], (b, x) => b.sum([x, constant(b, [5, 4, 3])])),
    made('constant a row and column', [5, 4, 3], (b, x) =>
      b.put({
        kind: 'subtract',
        inputs: [constant(b, [5, 1, 1]), b.put({ kind: 'add', inputs: [x, constant(b, [1, 4, 1])] })],
      }),
    ),
    made('constant that is joined', [5, 4, 3], (b, x) => b.concat([constant(b, [5, 4, 2]), x])),
  ];
}

function moved(): readonly Case[] {
  const pad = { kind: 'pad', rows: [2, 1], columns: [0, 3], channels: [0, 0], mode: 'constant' } as const;
  const sizes = [
    [3, 9],
    [10, 7],
  ] as const;
  return [
    made('rows joined', [5, 4, 3], (b, x) => b.put({ kind: 'concat', inputs: [x, b.relu(x)], axis: 'rows' })),
    made('columns joined', [5, 4, 3], (b, x) =>
      b.put({ kind: 'concat', inputs: [x, b.relu(x)], axis: 'columns' }),
    ),
    put('slice', [8, 9, 6], (inputs) => ({ kind: 'slice', inputs, begin: [1, 2, 3], size: [6, 5, 2] })),
    put('slice in steps', [8, 9, 6], (inputs) => ({
      kind: 'slice',
      inputs,
      begin: [1, 0, 1],
      size: [3, 4, 2],
      step: [2, 2, 3],
    })),
    made('channels split and joined crosswise', [5, 4, 6], (b, x) => {
      const part = (from: number) =>
        b.put({ kind: 'slice', inputs: [x], begin: [0, 0, from], size: [5, 4, 3] });
      return b.concat([part(3), part(0)]);
    }),
    put('shuffle of channels', [5, 4, 6], (inputs) => ({ kind: 'channelShuffle', inputs, groups: 3 })),
    made('shape', [5, 4, 6], (b, x) => b.put({ kind: 'reshape', inputs: [b.relu(x)], shape: [2, 10, 6] })),
    made('dropout', [5, 4, 6], (b, x) => b.put({ kind: 'dropout', inputs: [b.relu(x)] })),
    put('exchange of axes', [5, 4, 6], (inputs) => ({ kind: 'transpose', inputs, permutation: [2, 0, 1] })),
    put('margin', [5, 4, 3], (inputs) => ({ ...pad, inputs })),
    put('margin of a number, of channels too', [5, 4, 3], (inputs) => ({
      ...pad,
      inputs,
      channels: [1, 2],
      value: 0.7,
    })),
    put('mirrored margin', [5, 4, 3], (inputs) => ({ ...pad, inputs, mode: 'reflect' })),
    put('blocks', [5, 4, 12], (inputs) => ({ kind: 'depthToSpace', inputs, block: 2, order: 'first' })),
    put('pixel shuffle', [5, 4, 12], (inputs) => ({ kind: 'depthToSpace', inputs, block: 2, order: 'last' })),
    ...sizes.flatMap((size) =>
      (['nearest', 'bilinear'] as const).flatMap((interpolation) =>
        (['halfPixel', 'alignCorners', 'asymmetric'] as const).map((coordinates) =>
          put(`resize to ${size.join('x')}, ${interpolation}, ${coordinates}`, [5, 4, 3], (inputs) => ({
            kind: 'resize',
            inputs,
            size,
            interpolation,
            coordinates,
          })),
        ),
      ),
    ),
  ];
}

function number(b: NetworkBuilder, value: number): Id {
  return b.put({ kind: 'constant', inputs: [], shape: [1, 1, 1], values: [value] });
}

/** A constant of numbers that all differ. */
function constant(b: NetworkBuilder, shape: Shape): Id {
  const count = shape[0] * shape[1] * shape[2];
  const values = Array.from({ length: count }, (_, index) => Math.sin(index));
  return b.put({ kind: 'constant', inputs: [], shape, values });
}
