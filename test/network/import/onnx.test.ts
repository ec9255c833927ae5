import { describe, expect, it } from 'vitest';
import { costOf, loadNetwork } from '../../../src/network/index.js';
import { executeWhole, openBackend } from '../../../src/runtime/index.js';
import { channelsLast, relativeError, written } from '../../support/network-file.js';
import { integers, type OnnxDescription, onnxFile, tensor, waves } from '../../support/onnx-file.js';
import { onnxModels } from '../../support/onnx-models.js';

/** First numbers of what ONNX Runtime 1.32 gives for the input sin(1), sin(2), ... in the file's own order. */
const expected: Readonly<Record<string, readonly number[]>> = {
  'a classifier as PyTorch writes it': [0.763836205, -0.406817734, -1.614496112, 0.503198504, -0.956821024],
  'shuffled groups, sums and squeeze-and-excite': [
    0.221440136, 0.278190494, -0.099081656, -0.112574339, 0.20170328, 0.263672948, 0.003383865, -0.182722926,
  ],
  'local responses, slices, resizing and reductions': [0.265903622, 0.220955789, 0.513140559],
  'channels last inside, as TensorFlow is converted': [0.419751108, -0.095546253, -0.522998869, -0.469608843],
  'a transformer block over a sequence': [
    1.441869497, 1.869997501, 0.578858435, -1.244480371, -1.923649669, -0.834224343, 1.022183061, 1.93880001,
  ],
};

describe('an imported ONNX model', () => {
  it.each(Object.entries(onnxModels))('gives what ONNX Runtime gives: %s', async (name, description) => {
    const file = written({ 'net.onnx': onnxFile(description) });
    const { network } = loadNetwork(file);
    const dims = Object.values(description.inputs)[0]!.map((size) => (typeof size === 'number' ? size : 1));
    const numbers = waves(dims.reduce((product, size) => product * size, 1));
    const isMap = dims.length === 4 && network.shapes.get(network.inputs[0]!)![2] === dims[1];
    const input = isMap ? channelsLast(numbers, dims.slice(1)) : numbers;
    const output = executeWhole(network, input, { seed: 1, backend: await openBackend('tfjs-wasm') });
    const first = expected[name]!;
    expect(relativeError(output.subarray(0, first.length), first)).toBeLessThan(1e-5);
  });

  it('moves no numbers for a flattening: the rows of the next matrix are put in order instead', () => {
    const { network } = load(onnxModels['a classifier as PyTorch writes it']!);
    expect(network.layers.map(({ kind }) => kind)).toEqual([
      'input',
      'conv2d',
      'batchNorm',
      'activation',
      'maxPool',
      'dense',
    ]);
  });

  it('knows the exchange of channels that PyTorch writes as reshape, transpose, reshape', () => {
    const kinds = load(onnxModels['shuffled groups, sums and squeeze-and-excite']!).network.layers.map(
      ({ kind }) => kind,
    );
    expect(kinds.filter((kind) => kind === 'channelShuffle')).toHaveLength(1);
    expect(kinds).toContain('depthwiseConv2d');
  });

  it('is counted as it stands: weights and biases of products, normalisations, and no other constants', () => {
    const cost = costOf(load(onnxModels['a classifier as PyTorch writes it']!).network);
    // conv 4*3*9+4, four numbers a channel of normalisation, matrix 5*16+5.
    expect(cost.parameters).toBe(112 + 16 + 85);
    expect(cost.trainableParameters).toBe(112 + 8 + 85);
    expect(cost.macs).toBe(4 * 4 * 4 * 27 + 5 * 16);
    const shuffled = costOf(load(onnxModels['shuffled groups, sums and squeeze-and-excite']!).network);
    expect(shuffled.parameters).toBe(6 * 3 * 9 + 6 * 9 + 36);
  });

  it('has a scale and an offset after a normalisation folded into it', async () => {
    const plain: OnnxDescription = {
      inputs: { x: [1, 3, 2, 2] },
      outputs: ['y'],
      nodes: [
        { operator: 'BatchNormalization', inputs: ['x', 'g', 'b', 'm', 'v'], outputs: ['n'] },
        { operator: 'Mul', inputs: ['n', 's'], outputs: ['t'] },
        { operator: 'Add', inputs: ['t', 'o'], outputs: ['y'] },
      ],
      tensors: {
        g: tensor([3], 1),
        b: tensor([3], 2),
        m: tensor([3], 3),
        v: { dims: [3], values: [1, 2, 3] },
        s: tensor([3, 1, 1], 4),
        o: tensor([3, 1, 1], 5),
      },
    };
    const { network } = load(plain);
    expect(network.layers.map(({ kind }) => kind)).toEqual(['input', 'batchNorm']);
    const input = waves(12);
    const output = executeWhole(network, input, { seed: 1, backend: await openBackend('tfjs-cpu') });
    const wanted = Array.from(input, (x, index) => {
      const c = index % 3;
      const normal = (x - Math.sin(3 + c)) / Math.sqrt(c + 1 + 1e-5);
      return (normal * Math.sin(1 + c) + Math.sin(2 + c)) * Math.sin(4 + c) + Math.sin(5 + c);
    });
    expect(relativeError(output, wanted)).toBeLessThan(1e-5);
  });

  it('may keep its numbers in a file beside it', async () => {
    const values = waves(12, 3);
    const description = (external: boolean): OnnxDescription => ({
      inputs: { x: [1, 4] },
      outputs: ['y'],
      nodes: [{ operator: 'Gemm', inputs: ['x', 'w'], outputs: ['y'] }],
      tensors: {
        w: {
          dims: [4, 3],
          values,
          ...(external ? { external: { location: 'w.bin', offset: '8', length: '48' } } : {}),
        },
      },
    });
    const bytes = new Uint8Array(56);
    bytes.set(new Uint8Array(values.buffer), 8);
    const backend = await openBackend('tfjs-cpu');
    const run = (file: string) => executeWhole(loadNetwork(file).network, waves(4), { seed: 1, backend });
    const outside = run(written({ 'net.onnx': onnxFile(description(true)), 'w.bin': bytes }));
    expect(outside).toEqual(run(written({ 'net.onnx': onnxFile(description(false)) })));
    expect(() => load(description(true))).toThrow(
      /tensor w: found numbers in "w.bin", which is not there, expected the file beside this one/,
    );
  });
});

describe('an ONNX model that cannot be imported', () => {
  it('has all unknown operators listed with their nodes in one sentence', () => {
    expect(() =>
      load({
        inputs: { x: [1, 2, 2, 2] },
        outputs: ['y'],
        nodes: [
          { operator: 'NonZero', name: 'first', inputs: ['x'], outputs: ['a'] },
          { operator: 'Relu', inputs: ['a'], outputs: ['b'] },
          { operator: 'Fancy', domain: 'com.example', inputs: ['b'], outputs: ['c'] },
          { operator: 'NonZero', name: 'second', inputs: ['c'], outputs: ['y'] },
        ],
      }),
    ).toThrow(
      /^\S+net\.onnx: found unknown operators: NonZero \(first, second\), com\.example\.Fancy \(c\), expected those that docs\/import\.md lists$/,
    );
  });

  it.each<[string, Partial<OnnxDescription>, RegExp]>([
    ['an old opset', { opset: 6 }, /found opset 6, expected 7 or later/],
    ['an open channel count', { inputs: { x: [1, 'c', 4, 4] } }, /input x: found no size for axis 2/],
    ['two outputs', { outputs: ['y', 'x'] }, /found 2 outputs, expected one/],
    [
      'a name that nobody makes',
      { outputs: ['z'] },
      /output: found a reference to "z", expected the output of an earlier node/,
    ],
    [
      'a cycle',
      {
        nodes: [
          { operator: 'Add', inputs: ['x', 'b'], outputs: ['a'] },
          { operator: 'Relu', inputs: ['a'], outputs: ['b'] },
          { operator: 'Relu', inputs: ['b'], outputs: ['y'] },
        ],
      },
      /found a cycle, expected a graph without cycles/,
    ],
    [
      'weights that do not fit',
      {
        nodes: [{ operator: 'Conv', inputs: ['x', 'w'], outputs: ['y'] }],
        tensors: { w: tensor([2, 5, 3, 3], 1) },
      },
      /node y \(Conv\): found weights of 2x5x3x3 in 1 groups for 3 channels/,
    ],
    [
      'a shape that is too large to be meant',
      {
        nodes: [{ operator: 'Reshape', inputs: ['x', 's'], outputs: ['y'] }],
        tensors: { s: integers(1, 2 ** 40, 2 ** 40) },
      },
      /found a reshape from 1x3x4x4 to/,
    ],
  ])('is refused in one sentence for %s', (_, change, message) => {
    const plain: OnnxDescription = {
      inputs: { x: [1, 3, 4, 4] },
      outputs: ['y'],
      nodes: [{ operator: 'Relu', inputs: ['x'], outputs: ['y'] }],
    };
    expect(() => load({ ...plain, ...change })).toThrow(message);
  });

  it.each([
    ['a zip archive', Uint8Array.from([0x50, 0x4b, 3, 4]), /found a zip archive/],
    ['nothing', new Uint8Array(), /found an empty file/],
    [
      'any bytes',
      Uint8Array.from([1, 2, 3, 4]),
      /found bytes that are no ONNX model \(.*\), expected an ONNX file/,
    ],
  ])('is refused for what it is: %s', (_, bytes, message) => {
    expect(() => loadNetwork(written({ 'net.onnx': bytes }))).toThrow(message);
  });
});

function load(description: OnnxDescription) {
  return loadNetwork(written({ 'net.onnx': onnxFile(description) }));
}
