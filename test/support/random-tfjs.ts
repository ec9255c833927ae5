import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { RandomStream } from '../../src/foundation/index.js';

const l = layers.layers;
type Tensor = layers.SymbolicTensor;

/** Families of image and keyword networks, each drawn with widths, depths and details of its own. */
export const families: Readonly<Record<string, (random: RandomStream) => layers.LayersModel>> = {
  'VGG-like': (random) => {
    const parts: layers.layers.Layer[] = [];
    const blocks = 1 + random.integer(3);
    for (let block = 0; block < blocks; block++) {
      for (let count = 1 + random.integer(2); count > 0; count--)
        parts.push(
          l.conv2d({
            ...(parts.length === 0 ? { inputShape: imageShape(random) } : {}),
            filters: 2 + random.integer(6),
            kernelSize: 3,
            padding: 'same',
            activation: pick(random, ['relu', 'elu', 'selu', 'linear'] as const),
          }),
        );
      parts.push(
        random.integer(2) === 0
          ? l.maxPooling2d({ poolSize: 2 })
          : l.averagePooling2d({ poolSize: 2, padding: 'same' }),
      );
    }
    parts.push(
      l.flatten(),
      l.dense({ units: 5 + random.integer(9), activation: 'relu' }),
      l.dropout({ rate: 0.3 }),
    );
    return layers.sequential({ layers: [...parts, l.dense({ units: 4, activation: 'softmax' })] });
  },
  'ResNet-like': (random) =>
    functional(random, (image) => {
      let x = norm(convolve(random, image, 4, 3, 1), 'relu');
      for (let block = 1 + random.integer(3); block > 0; block--) {
        const stride = 1 + random.integer(2);
        const filters = 4 + random.integer(5);
        const inner = norm(convolve(random, x, filters, 3, stride), 'relu');
        const body = norm(convolve(random, inner, filters, 3, 1));
        const shortcut = norm(convolve(random, x, filters, 1, stride));
        x = l.reLU({}).apply(l.add().apply([body, shortcut]) as Tensor) as Tensor;
      }
      return x;
    }),
  'MobileNet-like': (random) =>
    functional(random, (image) => {
      let x = norm(convolve(random, image, 4, 3, 2), 'relu6');
      for (let block = 1 + random.integer(4); block > 0; block--) {
        if (random.integer(3) === 0) {
          x = l
            .separableConv2d({
              filters: 5,
              kernelSize: 3,
              padding: 'same',
            })
            .apply(x) as Tensor;
          continue;
        }
        const strides = 1 + random.integer(2);
        const depthwise = l.depthwiseConv2d({
          kernelSize: 3,
          strides,
          padding: 'same',
          useBias: random.integer(2) === 0,
        });
        x = norm(depthwise.apply(x) as Tensor, 'relu6');
        x = norm(convolve(random, x, 4 + random.integer(6), 1, 1), 'relu6');
      }
      return x;
    }),
  'SqueezeNet-like': (random) =>
    functional(random, (image) => {
      let x = convolve(random, image, 6, 3, 2, 'relu');
      for (let block = 1 + random.integer(3); block > 0; block--) {
        const squeezed = convolve(random, x, 2 + random.integer(3), 1, 1, 'relu');
        const filters = 3 + random.integer(4);
        const expanded = [
          convolve(random, squeezed, filters, 1, 1, 'relu'),
          convolve(random, squeezed, filters, 3, 1, 'relu'),
        ];
        x = l.concatenate().apply(expanded) as Tensor;
      }
      return x;
    }),
  'keyword-spotting-like': (random) =>
    functional(
      random,
      (sound) => {
        const first = l.conv2d({
          filters: 5,
          kernelSize: [10, 4],
          strides: [2, 1 + random.integer(2)],
          padding: 'same',
          useBias: false,
        });
        let x = norm(first.apply(sound) as Tensor, 'relu');
        for (let block = 1 + random.integer(3); block > 0; block--) {
          x = norm(l.depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(x) as Tensor, 'relu');
          x = norm(convolve(random, x, 5 + random.integer(4), 1, 1), 'relu');
        }
        return x;
      },
      [20 + random.integer(30), 10, 1],
    ),
};

/** Multiply-adds of convolutions, depthwise convolutions and dense layers, from the sizes that tfjs gives its tensors. */
export function multiplyAdds(model: layers.LayersModel): number {
  const elements = (shape: readonly (number | null)[]) =>
    shape.reduce<number>((product, size) => product * (size ?? 1), 1);
  let sum = 0;
  for (const layer of model.layers) {
    const kernels = layer.weights
      .filter(({ name }) => /kernel/.test(name))
      .map(({ shape }) => shape as number[]);
    const output = layer.outputShape as (number | null)[];
    switch (layer.getClassName()) {
      case 'Conv2D':
        sum += elements(output) * elements(kernels[0]!.slice(0, 3));
        break;
      case 'DepthwiseConv2D':
        sum += elements(output) * kernels[0]![0]! * kernels[0]![1]!;
        break;
      case 'SeparableConv2D': {
        const pixels = elements(output.slice(1, 3));
        sum += pixels * (elements(kernels[0]!) + elements(kernels[1]!));
        break;
      }
      case 'Dense':
        sum += elements(kernels[0]!);
    }
  }
  return sum;
}

function functional(
  random: RandomStream,
  body: (image: Tensor) => Tensor,
  shape = imageShape(random),
): layers.LayersModel {
  const image = layers.input({ shape });
  const features = random.integer(2) === 0 ? l.globalAveragePooling2d({}) : l.globalMaxPooling2d({});
  const pooled = features.apply(body(image)) as Tensor;
  return layers.model({
    inputs: image,
    outputs: l.dense({ units: 3 + random.integer(5) }).apply(pooled) as Tensor,
  });
}

function convolve(
  random: RandomStream,
  from: Tensor,
  filters: number,
  kernelSize: number,
  strides: number,
  activation?: 'relu',
): Tensor {
  const useBias = random.integer(2) === 0;
  return l
    .conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias,
      ...(activation === undefined ? {} : { activation }),
    })
    .apply(from) as Tensor;
}

function norm(from: Tensor, activation?: 'relu' | 'relu6'): Tensor {
  const normalised = l.batchNormalization({ epsilon: 0.01 }).apply(from) as Tensor;
  return activation === undefined ? normalised : (l.activation({ activation }).apply(normalised) as Tensor);
}

function imageShape(random: RandomStream): [number, number, number] {
  return [9 + random.integer(16), 9 + random.integer(16), 1 + random.integer(4)];
}

function pick<T>(random: RandomStream, list: readonly T[]): T {
  return list[random.integer(list.length)]!;
}

/** Weights that differ everywhere, with variances above zero: fresh ones hold many zeros and ones. */
export function scatter(model: layers.LayersModel, random: RandomStream): void {
  const values = model.weights.map((weight) => {
    const shape = weight.shape as number[];
    const count = shape.reduce((product, size) => product * size, 1);
    const isVariance = weight.name.includes('variance');
    const numbers = Float32Array.from({ length: count }, () =>
      isVariance ? 0.5 + random.uniform() : random.uniform() - 0.5,
    );
    return tf.tensor(numbers, shape);
  });
  model.setWeights(values);
}
