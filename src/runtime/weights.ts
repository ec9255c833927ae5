import { randomStream } from '../foundation/index.js';
import { type Layer, type Network, weightsOf } from '../network/index.js';

/** Numbers of a layer's learned tensors, by the tensor's name (`kernel`, `bias`, `gamma`, ...). */
export type LayerWeights = Readonly<Record<string, Float32Array>>;

/** Source of a network's weights, layer by layer, so that a large network never stands in memory twice. */
export type Weights = (network: Network, layer: Layer) => LayerWeights;

/**
 * Weights of a network from its file where it has them, and else weights that depend only on the seed and the names of
 * network and layer. Drawn kernels are uniform with the variance
 * of He et al. 2015 (2 / fan-in), so that activations keep their size through any depth; batch normalisation
 * has a scale near 1, a small shift and mean, and a variance near 1, as after training.
 */
export function drawnWeights(seed: number): Weights {
  return (network, layer) => {
    const stored = network.weights?.(layer.id) ?? {};
    return Object.fromEntries(
      weightsOf(network, layer).map(({ name, shape }) => {
        if (stored[name] !== undefined) return [name, stored[name]];
        const { uniform } = randomStream(seed, `weights/${network.id}/${layer.id}/${name}`);
        const count = shape.reduce((product, size) => product * size, 1);
        const [from, to] = interval(name, shape, layer);
        const values = new Float32Array(count);
        for (let index = 0; index < count; index++) values[index] = from + (to - from) * uniform();
        return [name, values];
      }),
    );
  };
}

function interval(name: string, shape: readonly number[], layer: Layer): readonly [number, number] {
  switch (name) {
    case 'kernel': {
      const limit = Math.sqrt(6 / fanIn(shape, layer));
      return [-limit, limit];
    }
    case 'gamma':
      return [0.9, 1.1];
    case 'movingVariance':
      return [0.8, 1.25];
    default:
      return [-0.1, 0.1];
  }
}

/** Inputs of one output: all of a kernel's axes but that of the outputs; a depthwise kernel sees one channel. */
function fanIn(shape: readonly number[], layer: Layer): number {
  const axes =
    layer.kind === 'depthwiseConv2d'
      ? shape.slice(0, 2)
      : layer.kind === 'convTranspose2d'
        ? [...shape.slice(0, 2), shape[3]! / layer.groups]
        : shape.slice(0, -1);
  return axes.reduce((product, size) => product * size, 1);
}
