import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NonnError, randomStream } from '../../../src/foundation/index.js';
import { lowerWhole, memoryMoments } from '../../../src/kernel/index.js';
import { costOf, loadNetwork } from '../../../src/network/index.js';
import { corruptBytes, corruptJson, corruptModel } from '../../support/corrupt.js';
import { written } from '../../support/network-file.js';
import { onnxFile } from '../../support/onnx-file.js';
import { onnxModels } from '../../support/onnx-models.js';

const COUNT = Number(process.env['NONN_CORRUPTIONS'] ?? 400);

describe('a damaged file of a network', () => {
  const random = randomStream(5, 'corruption');
  const models = Object.values(onnxModels);

  it('of damaged bytes is imported or refused in one sentence', () => {
    const files = models.map(onnxFile);
    const outcomes = check('net.onnx', () => corruptBytes(files[random.integer(files.length)]!, random));
    expect(outcomes.imported).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  it('of sizes, names and operators that make no sense is imported or refused in one sentence', () => {
    const outcomes = check('net.onnx', () => {
      let model = models[random.integer(models.length)]!;
      for (let count = 1 + random.integer(3); count > 0; count--) model = corruptModel(model, random);
      return onnxFile(model);
    });
    expect(outcomes.imported).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  it('of JSON that makes no sense is imported or refused in one sentence', () => {
    const outcomes = check('model.json', () => {
      let data: unknown = random.integer(2) === 0 ? layersModel : graphModel;
      for (let count = 1 + random.integer(2); count > 0; count--) data = corruptJson(data, random);
      return JSON.stringify(data) ?? '';
    });
    expect(outcomes.imported).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});

function check(name: string, make: () => string | Uint8Array) {
  const file = written({ [name]: '' });
  const outcomes = { imported: 0, refused: 0 };
  for (let count = 0; count < COUNT; count++) {
    const content = make();
    writeFileSync(file, content);
    try {
      const { network } = loadNetwork(file);
      costOf(network);
      memoryMoments(network);
      lowerWhole(network);
      outcomes.imported++;
    } catch (error) {
      if (!(error instanceof NonnError) || error.message.includes('no check foresaw'))
        throw new Error(Buffer.from(content).toString('base64'), { cause: error });
      outcomes.refused++;
    }
  }
  return outcomes;
}

const layer = (name: string, className: string, config: object, inputs: readonly string[]) => ({
  name,
  class_name: className,
  config: { name, ...config },
  inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
});

const layersModel = {
  format: 'layers-model',
  weightsManifest: [],
  modelTopology: {
    class_name: 'Model',
    config: {
      name: 'model',
      layers: [
        layer('x', 'InputLayer', { batch_input_shape: [null, 8, 8, 3] }, []),
        layer(
          'a',
          'Conv2D',
          { filters: 4, kernel_size: [3, 3], strides: [1, 1], padding: 'same', activation: 'relu' },
          ['x'],
        ),
        layer('b', 'BatchNormalization', { axis: -1, epsilon: 0.001 }, ['a']),
        layer('c', 'Add', {}, ['a', 'b']),
        layer(
          'd',
          'Sequential',
          { layers: [{ class_name: 'DepthwiseConv2D', config: { name: 'e', kernel_size: [3, 3] } }] },
          ['c'],
        ),
        layer('f', 'Reshape', { target_shape: [36, 4] }, ['d']),
        layer('g', 'Permute', { dims: [2, 1] }, ['f']),
        layer('h', 'Flatten', {}, ['g']),
        layer('i', 'Dense', { units: 3, activation: 'softmax' }, ['h']),
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['i', 0, 0]],
    },
  },
};

const sizes = (...list: readonly number[]) => ({ dim: list.map((size) => ({ size: String(size) })) });
const weight = (name: string, ...shape: readonly number[]) => ({
  name,
  op: 'Const',
  attr: { value: { tensor: { tensorShape: sizes(...shape) } } },
});

const graphModel = {
  format: 'graph-model',
  weightsManifest: [],
  modelTopology: {
    node: [
      { name: 'x', op: 'Placeholder', attr: { shape: { shape: sizes(-1, 8, 8, 3) } } },
      weight('w', 3, 3, 3, 4),
      weight('v', 4),
      {
        name: 'a',
        op: 'Conv2D',
        input: ['x', 'w'],
        attr: { padding: { s: 'U0FNRQ==' }, strides: { list: { i: ['1', '2', '2', '1'] } } },
      },
      { name: 'b', op: 'BiasAdd', input: ['a', 'v'] },
      { name: 'c', op: 'Relu', input: ['b:0'] },
      {
        name: 'd',
        op: 'AvgPool',
        input: ['c', '^x'],
        attr: { ksize: { list: { i: ['1', '2', '2', '1'] } }, padding: { s: 'VkFMSUQ=' } },
      },
    ],
  },
};
