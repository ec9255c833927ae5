import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../../foundation/index.js';
import type { Activation, BatchNorm, Id, Layer, Padding, Window } from '../../network/index.js';
import type { TrainingKernels } from './kernels/kernels.js';
import type { Trainable } from './trainable.js';

/** Statistics of a batch by the normalisation that took them; they belong to the caller. */
export type BatchStatistics = Map<Id, { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D }>;

/** How a batch goes through: normalised by its own statistics, which are written down, or by those that were learned. */
export type Mode =
  | { readonly training: true; readonly kernels: TrainingKernels; readonly statistics: BatchStatistics }
  | { readonly training: false };

/**
 * Runs a batch through a network with tfjs' differentiable operations.
 * @param input `[batch, height, width, channels]`
 * @param wanted layers whose outputs are returned, in order. A softmax gives what it reads: losses want logits.
 * @returns each `[batch, height, width, channels]`
 * @throws NonnError for a layer that cannot be trained.
 */
export function forward(
  { network, variables }: Trainable,
  input: tf.Tensor4D,
  wanted: readonly Id[],
  mode: Mode,
): readonly tf.Tensor4D[] {
  const made = new Map<Id, tf.Tensor4D>();
  const needed = ancestors(network.byId, wanted);
  for (const layer of network.layers) {
    if (!needed.has(layer.id)) continue;
    const inputs = layer.inputs.map((id) => made.get(id)!);
    const weight = (name: string) => variables.get(`${layer.id}/${name}`);
    made.set(layer.id, layer.kind === 'input' ? input : run(layer, inputs, weight, mode));
  }
  return wanted.map((id) => made.get(id)!);
}

type WeightByName = (name: string) => tf.Variable | undefined;

function run(layer: Layer, inputs: readonly tf.Tensor4D[], weight: WeightByName, mode: Mode): tf.Tensor4D {
  const x = inputs[0]!;
  switch (layer.kind) {
    case 'conv2d': {
      if (layer.groups !== 1) break;
      const y = tf.conv2d(x, weight('kernel') as tf.Tensor4D, [...layer.stride], padding(layer.padding));
      return biased(y, weight);
    }
    case 'depthwiseConv2d': {
      const kernel = weight('kernel') as tf.Tensor4D;
      return biased(
        tf.depthwiseConv2d(x, kernel, [...layer.stride], padding(layer.padding) as 'same'),
        weight,
      );
    }
    case 'dense': {
      const [batch] = x.shape;
      const y = tf.matMul(tf.reshape(x, [batch, -1]) as tf.Tensor2D, weight('kernel') as tf.Tensor2D);
      return biased(tf.reshape(y, [batch, 1, 1, layer.units]), weight);
    }
    case 'batchNorm':
      return normalise(layer, x, weight, mode);
    case 'activation':
      return activate(layer, x, mode);
    case 'maxPool':
      return tf.maxPool(x, [...layer.kernel], [...layer.stride], padding(layer.padding));
    case 'avgPool':
      return tf.avgPool(x, [...layer.kernel], [...layer.stride], poolPadding(layer));
    case 'globalAvgPool':
      return tf.mean(x, [1, 2], true);
    case 'add':
      return inputs.slice(1).reduce((sum, one) => tf.add(sum, one) as tf.Tensor4D, x);
    case 'concat':
      return tf.concat([...inputs], 3);
    case 'flatten':
      return tf.reshape(x, [x.shape[0], 1, 1, -1]);
    case 'upsample':
      return upsampled(x, layer.factor, layer.interpolation);
    case 'dropout':
    case 'softmax':
      return x;
  }
  const detail = layer.kind === 'conv2d' ? `${layer.groups} groups` : `a layer of kind ${layer.kind}`;
  throw new NonnError(`layer ${layer.id}: found ${detail}, expected a layer that can be trained`);
}

function biased(y: tf.Tensor4D, weight: WeightByName): tf.Tensor4D {
  const bias = weight('bias');
  return bias === undefined ? y : (tf.add(y, bias) as tf.Tensor4D);
}

function normalise(layer: BatchNorm, x: tf.Tensor4D, weight: WeightByName, mode: Mode): tf.Tensor4D {
  const gamma = (weight('gamma') ?? tf.ones([x.shape[3]])) as tf.Tensor1D;
  const beta = (weight('beta') ?? tf.zeros([x.shape[3]])) as tf.Tensor1D;
  if (!mode.training) {
    const mean = weight('movingMean') as unknown as tf.Tensor1D;
    const variance = weight('movingVariance') as unknown as tf.Tensor1D;
    return tf.batchNorm4d(x, mean, variance, beta, gamma, layer.epsilon);
  }
  const { output, mean, variance } = mode.kernels.batchNorm(x, gamma, beta, layer.epsilon);
  mode.statistics.set(layer.id, { mean, variance });
  return output;
}

function activate(layer: Activation, x: tf.Tensor4D, mode: Mode): tf.Tensor4D {
  switch (layer.function) {
    case 'relu':
      return mode.training ? mode.kernels.relu(x) : tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'leakyRelu':
      return tf.leakyRelu(x, layer.alpha ?? 0.3);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
  }
  throw new NonnError(
    `layer ${layer.id}: found the activation ${layer.function}, expected one that can be trained (relu, relu6, leakyRelu, sigmoid or tanh)`,
  );
}

function padding(of: Padding): 'same' | 'valid' | tf.backend_util.ExplicitPadding {
  if (typeof of === 'string') return of;
  return [
    [0, 0],
    [of.top, of.bottom],
    [of.left, of.right],
    [0, 0],
  ];
}

function poolPadding(layer: Window & { readonly id: Id; readonly countPadding?: boolean }) {
  if (layer.countPadding === true && layer.padding !== 'valid')
    throw new NonnError(`layer ${layer.id}: found padding that counts, expected a mean over the map alone`);
  return padding(layer.padding);
}

/** Whole factors: each pixel is repeated, or bilinear between their centres, as the runtime does it. */
function upsampled(
  x: tf.Tensor4D,
  factor: readonly [number, number],
  how: 'nearest' | 'bilinear',
): tf.Tensor4D {
  const size: [number, number] = [x.shape[1] * factor[0], x.shape[2] * factor[1]];
  return how === 'nearest'
    ? tf.image.resizeNearestNeighbor(x, size, false, false)
    : tf.image.resizeBilinear(x, size, false, true);
}

function ancestors(byId: ReadonlyMap<Id, Layer>, wanted: readonly Id[]): ReadonlySet<Id> {
  const needed = new Set<Id>();
  const open = [...wanted];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    open.push(...byId.get(id)!.inputs);
  }
  return needed;
}
