import * as tf from '@tensorflow/tfjs-core';
import type { Unit } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import { inputShapes } from '../network/index.js';
import { foldUnit } from './fold.js';
import type { Operands } from './kernels/index.js';
import type { Weights } from './weights.js';

/** What a unit's kernel works on besides its inputs, as tensors of the current backend. */
export type Loaded = Omit<Operands, 'inputs'>;

/** Folds a unit's weights and uploads them. The tensors live until `unload`, whatever `tidy` they are made in. */
export function load(network: Network, unit: Unit, weights: Weights): Loaded {
  const { anchor } = unit;
  const { kernel, bias, norm } = foldUnit(network, unit, weights);
  const alpha = unit.fused?.alpha ?? (anchor.kind === 'activation' ? anchor.alpha : undefined);
  const slope = alpha === undefined ? {} : { alpha };
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
    case 'dense': {
      const matrix = tf.keep(tf.tensor2d(kernel!, [kernel!.length / anchor.units, anchor.units]));
      return { matrix, ...loadBiases(bias, 1), ...slope };
    }
    case 'batchNorm':
      return {
        norm: {
          gamma: tf.keep(tf.tensor1d(norm!['gamma']!)),
          beta: tf.keep(tf.tensor1d(norm!['beta']!)),
          mean: tf.keep(tf.tensor1d(norm!['movingMean']!)),
          variance: tf.keep(tf.tensor1d(norm!['movingVariance']!)),
        },
        epsilon: anchor.epsilon,
      };
    default:
      return slope;
  }
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
export function unload({ filters = [], matrix, biases = [], norm }: Loaded): void {
  tf.dispose([...filters, ...biases, ...(matrix === undefined ? [] : [matrix])]);
  if (norm !== undefined) tf.dispose([norm.gamma, norm.beta, norm.mean, norm.variance]);
}

/** Bytes of a unit's weights. */
export function loadedBytes({ filters = [], matrix, biases = [], norm }: Loaded): number {
  const tensors: tf.Tensor[] = [...filters, ...biases, ...(matrix === undefined ? [] : [matrix])];
  if (norm !== undefined) tensors.push(norm.gamma, norm.beta, norm.mean, norm.variance);
  return tensors.reduce((sum, tensor) => sum + 4 * tensor.size, 0);
}
