import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { costOf, loadNetwork } from '../../../src/network/index.js';
import { executeWhole, openBackend } from '../../../src/runtime/index.js';
import { relativeError, written } from '../../support/network-file.js';
import { waves } from '../../support/onnx-file.js';

type Attributes = Readonly<Record<string, unknown>>;
type Weight = {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype: 'float32' | 'int32';
};

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = (value: string) => ({ s: base64(value) });
const list = (...values: readonly number[]) => ({ list: { i: values.map(String) } });
const same = { padding: text('SAME'), data_format: text('NHWC'), T: { type: 'DT_FLOAT' } };
const wave = (shape: readonly number[], first: number, scale = 1): Weight => ({
  shape,
  values: waves(
    shape.reduce((product, size) => product * size, 1),
    first,
    scale,
  ),
  dtype: 'float32',
});
const whole = (...values: readonly number[]): Weight => ({ shape: [values.length], values, dtype: 'int32' });
const number = (value: number): Weight => ({ shape: [], values: [value], dtype: 'int32' });

/** A frozen graph with most operations of a network that Keras exports. */
const weights: Readonly<Record<string, Weight>> = {
  w1: wave([3, 3, 3, 4], 1, 0.4),
  b1: wave([4], 2),
  w2: wave([3, 3, 4, 2], 3, 0.4),
  gamma: wave([8], 4),
  beta: wave([8], 5),
  mean: wave([8], 6),
  variance: { shape: [8], values: [1, 2, 3, 4, 5, 6, 7, 8], dtype: 'float32' },
  w3: wave([1, 1, 8, 5], 7, 0.4),
  b3: wave([5], 8),
  scale: wave([5], 9),
  margins: { shape: [4, 2], values: [0, 0, 1, 0, 0, 2, 0, 0], dtype: 'int32' },
  axis: number(3),
  zero: whole(0),
  one: whole(1),
  rest: number(-1),
  m: wave([90, 4], 10, 0.2),
  v: wave([4], 11),
};

const nodes: readonly (readonly [
  name: string,
  op: string,
  inputs: readonly string[],
  attributes?: Attributes,
])[] = [
  ['conv', 'Conv2D', ['x', 'w1'], { ...same, strides: list(1, 2, 2, 1), dilations: list(1, 1, 1, 1) }],
  ['bias', 'BiasAdd', ['conv', 'b1']],
  ['relu', 'Relu6', ['bias']],
  [
    'depth',
    'DepthwiseConv2dNative',
    ['relu', 'w2'],
    { ...same, strides: list(1, 1, 1, 1), dilations: list(1, 1, 1, 1) },
  ],
  [
    'norm',
    'FusedBatchNormV3',
    ['depth', 'gamma', 'beta', 'mean', 'variance'],
    { epsilon: { f: 0.01 }, is_training: { b: false } },
  ],
  [
    'point',
    '_FusedConv2D',
    ['norm', 'w3', 'b3'],
    {
      ...same,
      strides: list(1, 1, 1, 1),
      num_args: { i: '1' },
      fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
    },
  ],
  ['scaled', 'Mul', ['point', 'scale']],
  ['joined', 'ConcatV2', ['scaled', 'point', 'axis'], { N: { i: '2' } }],
  ['padded', 'Pad', ['joined', 'margins']],
  [
    'pool',
    'MaxPool',
    ['padded'],
    { ...same, padding: text('VALID'), ksize: list(1, 2, 2, 1), strides: list(1, 1, 1, 1) },
  ],
  ['mean_pool', 'AvgPool', ['pool'], { ...same, ksize: list(1, 2, 2, 1), strides: list(1, 1, 1, 1) }],
  [
    'cut',
    'StridedSlice',
    ['mean_pool', 'begin', 'end', 'steps'],
    {
      begin_mask: { i: '9' },
      end_mask: { i: '9' },
      shrink_axis_mask: { i: '0' },
      ellipsis_mask: { i: '0' },
      new_axis_mask: { i: '0' },
    },
  ],
  ['shape', 'Shape', ['cut']],
  [
    'batch',
    'StridedSlice',
    ['shape', 'zero', 'one', 'one'],
    {
      shrink_axis_mask: { i: '1' },
      begin_mask: { i: '0' },
      end_mask: { i: '0' },
      ellipsis_mask: { i: '0' },
      new_axis_mask: { i: '0' },
    },
  ],
  ['sizes', 'Pack', ['batch', 'rest'], { N: { i: '2' }, axis: { i: '0' } }],
  ['flat', 'Reshape', ['cut', 'sizes']],
  ['product', 'MatMul', ['flat', 'm'], { transpose_a: { b: false }, transpose_b: { b: false } }],
  ['sum', 'AddV2', ['product', 'v']],
  ['out', 'Softmax', ['sum']],
];

const slices: Readonly<Record<string, Weight>> = {
  begin: whole(0, 0, 1, 0),
  end: whole(0, 3, 4, 0),
  steps: whole(1, 1, 1, 1),
};

describe('an imported tfjs graph model', () => {
  it('gives what tfjs gives', async () => {
    await tf.setBackend('cpu');
    const artifacts = model();
    const graph = await loadGraphModel(tf.io.fromMemory(artifacts));
    const numbers = waves(8 * 8 * 3);
    const wanted = (graph.predict(tf.tensor(numbers, [1, 8, 8, 3])) as tf.Tensor).dataSync();
    const { network } = loadNetwork(saved(artifacts));
    const output = executeWhole(network, numbers, { seed: 1, backend: await openBackend('tfjs-cpu') });
    expect(relativeError(output, wanted)).toBeLessThan(1e-4);
    const cost = costOf(network);
    // Biases that stand in an operation of their own belong to their convolution; other constants are not counted.
    expect(cost.parameters).toBe(3 * 3 * 3 * 4 + 4 + 3 * 3 * 8 + 4 * 8 + 8 * 5 + 5 + 90 * 4);
    expect(cost.macs).toBe(16 * 4 * 27 + 16 * 8 * 9 + 16 * 5 * 8 + 90 * 4);
  });

  it('is refused in one sentence that lists unknown operations with their nodes', () => {
    const artifacts = model([
      ['twisted', 'Roll', ['x', 'one', 'axis']],
      ['found', 'NonMaxSuppressionV5', ['twisted']],
    ]);
    expect(() => loadNetwork(saved(artifacts))).toThrow(
      /found unknown operators: Roll \(twisted\), NonMaxSuppressionV5 \(found\), expected those that docs\/import\.md lists$/,
    );
  });
});

function model(graph = nodes): tf.io.ModelArtifacts {
  const all = Object.entries({ ...weights, ...slices });
  const placeholder = {
    name: 'x',
    op: 'Placeholder',
    input: [],
    attr: {
      dtype: { type: 'DT_FLOAT' },
      shape: { shape: { dim: [-1, 8, 8, 3].map((size) => ({ size: String(size) })) } },
    },
  };
  const constants = all.map(([name, { shape, dtype }]) => ({
    name,
    op: 'Const',
    input: [],
    attr: {
      dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' },
      value: {
        tensor: {
          dtype: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT',
          tensorShape: { dim: shape.map((size) => ({ size: String(size) })) },
        },
      },
    },
  }));
  const operations = graph.map(([name, op, input, attr = {}]) => ({ name, op, input, attr }));
  const data = all.map(([, { values, dtype }]) =>
    Buffer.from(dtype === 'int32' ? Int32Array.from(values).buffer : Float32Array.from(values).buffer),
  );
  return {
    format: 'graph-model',
    modelTopology: { node: [placeholder, ...constants, ...operations], library: {}, versions: {} },
    weightSpecs: all.map(([name, { shape, dtype }]) => ({ name, shape: [...shape], dtype })),
    weightData: new Uint8Array(Buffer.concat(data)).buffer,
  };
}

function saved({ modelTopology, weightSpecs, weightData, format }: tf.io.ModelArtifacts): string {
  return written({
    'model.json': JSON.stringify({
      format,
      modelTopology,
      weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    }),
    'weights.bin': new Uint8Array(weightData as ArrayBuffer),
  });
}
