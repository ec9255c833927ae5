import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/foundation/index.js';
import { costOf, loadNetwork } from '../../../src/network/index.js';
import { executeWhole, openBackend } from '../../../src/runtime/index.js';
import { relativeError, written } from '../../support/network-file.js';
import { waves } from '../../support/onnx-file.js';
import { scatter } from '../../support/random-tfjs.js';
import { savedModel } from '../../support/saved-tfjs.js';

const { input } = layers;
const l = layers.layers;

/** Models that somebody builds with tfjs; each is saved, imported, counted and run. */
const models: Readonly<Record<string, () => layers.LayersModel>> = {
  'a sequential VGG-like network': () =>
    layers.sequential({
      layers: [
        l.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
        l.maxPooling2d({ poolSize: 2 }),
        l.conv2d({ filters: 6, kernelSize: [3, 1], strides: [2, 1], activation: 'elu' }),
        l.dropout({ rate: 0.5 }),
        l.flatten(),
        l.dense({ units: 7, activation: 'tanh' }),
        l.dense({ units: 3, useBias: false, activation: 'softmax' }),
      ],
    }),
  'a functional ResNet-like network': () => {
    const x = input({ shape: [6, 6, 4] });
    const norm = (from: layers.SymbolicTensor, options = {}) =>
      l
        .batchNormalization({ ...options, movingMeanInitializer: 'randomNormal' })
        .apply(from) as layers.SymbolicTensor;
    const conv = (from: layers.SymbolicTensor) =>
      l
        .conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false })
        .apply(from) as layers.SymbolicTensor;
    const a = l
      .activation({ activation: 'relu' })
      .apply(norm(conv(x), { scale: false })) as layers.SymbolicTensor;
    const sum = l.add().apply([norm(conv(a), { epsilon: 0.01 }), x]) as layers.SymbolicTensor;
    const both = l.concatenate().apply([l.leakyReLU({ alpha: 0.1 }).apply(sum) as layers.SymbolicTensor, a]);
    const pooled = l.globalAveragePooling2d({}).apply(both as layers.SymbolicTensor);
    return layers.model({ inputs: x, outputs: l.dense({ units: 5 }).apply(pooled) as layers.SymbolicTensor });
  },
  'a MobileNet-like network with another network inside': () => {
    const inner = layers.sequential({
      name: 'inner',
      layers: [
        l.depthwiseConv2d({ inputShape: [5, 5, 3], kernelSize: 3, depthMultiplier: 2, padding: 'same' }),
        l.reLU({ maxValue: 6 }),
        l.separableConv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', activation: 'sigmoid' }),
      ],
    });
    const x = input({ shape: [9, 9, 3] });
    const padded = l
      .zeroPadding2d({
        padding: [
          [1, 0],
          [0, 1],
        ],
      })
      .apply(x) as layers.SymbolicTensor;
    const pooled = l.averagePooling2d({ poolSize: 2, strides: 2, padding: 'same' }).apply(padded);
    const features = inner.apply(pooled as layers.SymbolicTensor) as layers.SymbolicTensor;
    const shaped = l.reshape({ targetShape: [9, 5] }).apply(features) as layers.SymbolicTensor;
    const turned = l.permute({ dims: [2, 1] }).apply(shaped) as layers.SymbolicTensor;
    const flat = l.flatten().apply(turned) as layers.SymbolicTensor;
    return layers.model({
      inputs: x,
      outputs: l.dense({ units: 4, activation: 'softplus' }).apply(flat) as layers.SymbolicTensor,
    });
  },
  'a network that grows its maps': () =>
    layers.sequential({
      layers: [
        l.conv2dTranspose({ inputShape: [4, 4, 2], filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
        l.layerNormalization(),
        l.upSampling2d({ size: [2, 2] }),
        l.cropping2D({
          cropping: [
            [1, 2],
            [3, 0],
          ],
        }),
        l.globalMaxPooling2d({}),
      ],
    }),
  'keywords in a sequence': () =>
    layers.sequential({
      layers: [
        l.conv1d({ inputShape: [12, 3], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
        l.maxPooling1d({ poolSize: 2 }),
        l.dense({ units: 3 }),
        l.globalAveragePooling1d({}),
      ],
    }),
};

describe('an imported tfjs layers model', () => {
  it.each(Object.entries(models))(
    'has the parameters that tfjs counts, and gives what tfjs gives: %s',
    async (_, make) => {
      await tf.setBackend('cpu');
      const model = make();
      scatter(model, randomStream(1, 'weights'));
      const { network, weights } = loadNetwork(await savedModel(model, true));
      expect(weights).toBeDefined();
      expect(costOf(network).parameters).toBe(model.countParams());
      const shape = model.inputs[0]!.shape.slice(1) as number[];
      const numbers = waves(shape.reduce((product, size) => product * size, 1));
      const wanted = (model.predict(tf.tensor(numbers, [1, ...shape])) as tf.Tensor).dataSync();
      const output = executeWhole(network, numbers, { seed: 1, backend: await openBackend('tfjs-cpu') });
      expect(relativeError(output, wanted)).toBeLessThan(1e-4);
    },
  );

  it.each(Object.entries(models))('costs the same without its weights: %s', async (_, make) => {
    await tf.setBackend('cpu');
    const model = make();
    const { network, weights } = loadNetwork(await savedModel(model, false));
    expect(weights).toBeUndefined();
    expect(costOf(network).parameters).toBe(model.countParams());
  });

  it('has unknown layers listed with their names in one sentence', () => {
    const entry = (name: string) => ({
      class_name: name,
      config: { name: `my_${name}`, units: 3, batch_input_shape: [null, 4] },
    });
    const model = {
      class_name: 'Sequential',
      config: { layers: [entry('LSTM'), entry('Dense'), entry('Lambda')] },
    };
    expect(() =>
      loadNetwork(written({ 'model.json': JSON.stringify({ modelTopology: model, weightsManifest: [] }) })),
    ).toThrow(
      /found unknown operators: LSTM \(my_LSTM\), Lambda \(my_Lambda\), expected those that docs\/import\.md lists$/,
    );
  });

  it('has the multiplier of a separable convolution from its kernel, since tfjs forgets it when it saves', async () => {
    await tf.setBackend('cpu');
    const model = layers.sequential({
      layers: [l.separableConv2d({ inputShape: [5, 5, 3], filters: 4, kernelSize: 3, depthMultiplier: 2 })],
    });
    const { network } = loadNetwork(await savedModel(model, true));
    expect(costOf(network).parameters).toBe(model.countParams());
  });

  it('needs its weights only when it runs', async () => {
    await tf.setBackend('cpu');
    const file = await savedModel(models['keywords in a sequence']!(), true, 'elsewhere.bin');
    const { network } = loadNetwork(file);
    const backend = await openBackend('tfjs-cpu');
    expect(() => executeWhole(network, waves(36), { seed: 1, backend })).toThrow(
      /elsewhere\.bin: found no such file, expected the weights of the network beside it/,
    );
  });
});
