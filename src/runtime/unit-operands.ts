import * as tf from '@tensorflow/tfjs-core';
import type { Unit } from '../kernel/index.js';
import { type Activation, inputShapes, type Network } from '../network/index.js';
import { foldUnit } from './fold.js';
import type { Operands } from './kernels/index.js';
import type { LayerWeights, Weights } from './weights.js';

/** What a unit's kernel works on besides its inputs, as tensors of the current backend. */
export type Loaded = Omit<Operands, 'inputs'>;

/** Folds a unit's weights and uploads them. The tensors live until `unload`, whatever `tidy` they are made in. */
export function load(network: Network, unit: Unit, weights: Weights): Loaded {
  const { anchor } = unit;
  const { kernel, bias, norm } = foldUnit(network, unit, weights);
  const slope = numbersOf(anchor.kind === 'activation' ? anchor : unit.fused);
  const channels = inputShapes(network, anchor)[0]?.[2] ?? 0;
  switch (anchor.kind) {
    case 'conv2d': {
      const size = [...anchor.kernel, channels / anchor.groups, anchor.filters] as const;
      return { ...loadFilters(kernel!, size, anchor.groups), ...loadBiases(bias, anchor.groups), ...slope };
    }
    case 'depthwiseConv2d': {
      const size = [...anchor.kernel, channels, anchor.multiplier] as const;
      return { ...loadFilters(kernel!, size, 1), ...loadBiases(bias, 1), ...slope };
    }
    case 'convTranspose2d': {
      const size = [...anchor.kernel, anchor.filters / anchor.groups, channels] as const;
      return { ...loadFilters(kernel!, size, anchor.groups), ...loadBiases(bias, 1) };
    }
    case 'channelConv2d': {
      const size = [...anchor.kernel, anchor.depth, anchor.filters] as const;
      return { ...loadFilters(kernel!, size, 1), ...loadBiases(bias, 1) };
    }
    case 'dense': {
      const matrix = tf.keep(tf.tensor2d(kernel!, [kernel!.length / anchor.units, anchor.units]));
      return { matrix, ...loadBiases(bias, 1), ...slope };
    }
    case 'batchNorm':
      return {
        norm: {
          ...scaleAndOffset(norm!),
          mean: tf.keep(tf.tensor1d(norm!['movingMean']!)),
          variance: tf.keep(tf.tensor1d(norm!['movingVariance']!)),
        },
        epsilon: anchor.epsilon,
      };
    case 'layerNorm':
      return { norm: scaleAndOffset(norm!), epsilon: anchor.epsilon };
    case 'localResponseNorm':
      return { alpha: anchor.alpha, beta: anchor.beta, bias: anchor.bias };
    case 'prelu':
      return { slope: tf.keep(tf.tensor1d(weights(network, anchor)['slope']!)) };
    case 'embedding': {
      const table = weights(network, anchor)['embeddings']!;
      return { matrix: tf.keep(tf.tensor2d(table, [anchor.vocabulary, anchor.units])) };
    }
    case 'constant':
      return { constant: tf.keep(tf.tensor4d([...anchor.values], [1, ...anchor.shape])) };
    case 'pad':
      return { value: anchor.value ?? 0 };
    default:
      return slope;
  }
}

function numbersOf(activation: Activation | undefined): Pick<Loaded, 'alpha' | 'beta'> {
  const { alpha, beta } = activation ?? {};
  return { ...(alpha === undefined ? {} : { alpha }), ...(beta === undefined ? {} : { beta }) };
}

function scaleAndOffset(norm: LayerWeights) {
  return { gamma: tf.keep(tf.tensor1d(norm['gamma']!)), beta: tf.keep(tf.tensor1d(norm['beta']!)) };
}

/** Filters `[height, width, channels / groups, filters]`, cut into their groups. */
export function loadFilters(
  kernel: Float32Array,
  size: readonly [height: number, width: number, channels: number, filters: number],
  groups: number,
): Pick<Loaded, 'filters'> {
  return tf.tidy(() => {
    const whole = tf.tensor4d(kernel, [...size]);
    const parts = groups === 1 ? [whole] : (tf.split(whole, groups, 3) as tf.Tensor4D[]);
    return { filters: parts.map((filter) => tf.keep(filter)) };
  });
}

export function loadBiases(bias: Float32Array | undefined, groups: number): Pick<Loaded, 'biases'> {
  if (bias === undefined) return {};
  const size = bias.length / groups;
  return {
    biases: Array.from({ length: groups }, (_, group) =>
      tf.keep(tf.tensor1d(bias.subarray(group * size, (group + 1) * size))),
    ),
  };
}

/** Frees a unit's tensors, and with them the copies that the backend packed for its kernels. */
export function unload(loaded: Loaded): void {
  tf.dispose([...tensorsOf(loaded)]);
}

/** Bytes of a unit's weights. */
export function loadedBytes(loaded: Loaded): number {
  return tensorsOf(loaded).reduce((sum, tensor) => sum + 4 * tensor.size, 0);
}

function tensorsOf({
  filters = [],
  biases = [],
  matrix,
  slope,
  norm,
  constant,
}: Loaded): readonly tf.Tensor[] {
  const single = [matrix, slope, norm?.gamma, norm?.beta, norm?.mean, norm?.variance, constant];
  return [...filters, ...biases, ...single.filter((tensor) => tensor !== undefined)];
}
