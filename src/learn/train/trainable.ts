import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../../foundation/index.js';
import { type Id, type Layer, type Network, type StoredWeights, weightsOf } from '../../network/index.js';

/** Learned tensors of a network as variables of tfjs, by `layer/tensor`. */
export interface Trainable {
  readonly network: Network;
  readonly variables: ReadonlyMap<string, tf.Variable>;
}

/** Tensors of a batch normalisation that follow the batches and are not trained. */
const STATISTICS: ReadonlySet<string> = new Set(['movingMean', 'movingVariance']);

/** Names of the tensors that gradients train. */
export function trainedNames({ variables }: Trainable): readonly string[] {
  return [...variables.keys()].filter((name) => !STATISTICS.has(name.slice(name.lastIndexOf('/') + 1)));
}

/**
 * Uploads a network's weights, or draws them from the seed: kernels normal with a variance of 2 / fan-in (He et al. 2015),
 * of the last layer 1 / fan-in, scales 1, everything else 0.
 */
export function trainable(network: Network, seed: number, weights?: StoredWeights): Trainable {
  const variables = new Map<string, tf.Variable>();
  for (const layer of network.layers) {
    const stored = weights?.(layer.id) ?? {};
    for (const { name, shape } of weightsOf(network, layer)) {
      const numbers = stored[name] ?? initial(network, layer, name, shape, seed);
      const tensor = tf.tensor(numbers, [...shape], 'float32');
      variables.set(`${layer.id}/${name}`, tf.variable(tensor, !STATISTICS.has(name)));
      tensor.dispose();
    }
  }
  return { network, variables };
}

/** Numbers of a network's tensors as they are now, layer by layer. */
export function weightsNow({ network, variables }: Trainable): StoredWeights {
  return (id: Id) => {
    const layer = network.byId.get(id);
    if (layer === undefined) return {};
    return Object.fromEntries(
      weightsOf(network, layer).map(({ name }) => [
        name,
        variables.get(`${id}/${name}`)!.dataSync() as Float32Array,
      ]),
    );
  };
}

export function disposeTrainable({ variables }: Trainable): void {
  for (const variable of variables.values()) variable.dispose();
}

function initial(
  network: Network,
  layer: Layer,
  name: string,
  shape: readonly number[],
  seed: number,
): Float32Array {
  const numbers = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (name === 'gamma' || name === 'movingVariance') return numbers.fill(1);
  if (name !== 'kernel') return numbers;
  const { normal } = randomStream(seed, `initial/${network.id}/${layer.id}`);
  // A depthwise kernel sees one channel; every other one all axes but that of its outputs.
  const inputs = layer.kind === 'depthwiseConv2d' ? shape.slice(0, 2) : shape.slice(0, -1);
  const fanIn = inputs.reduce((product, size) => product * size, 1);
  const deviation = Math.sqrt((layer.kind === 'dense' ? 1 : 2) / fanIn);
  for (let index = 0; index < numbers.length; index++) numbers[index] = deviation * normal();
  return numbers;
}
