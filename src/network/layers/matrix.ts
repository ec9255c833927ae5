import { NonnError } from '../../foundation/index.js';
import type { Embedding, MatMul } from '../layer.js';
import { elements } from './dense.js';
import { noWeights, type Operator, whole, zero } from './operator.js';

/** Product of two matrices of activations; its multiply-adds count. */
export const matmul: Operator<MatMul> = {
  outputShape: (layer, [a, b]) => {
    const [inner, columns] = layer.transposeB ? [b?.[2], b?.[1]] : [b?.[1], b?.[2]];
    if (layer.inputs.length !== 2 || a![0] !== b![0] || a![2] !== inner)
      throw new NonnError(
        `layer ${layer.id}: found matrices of ${a!.join('x')} and ${b?.join('x') ?? 'nothing'}${layer.transposeB ? ', transposed' : ''}, expected heights that are equal and sides that fit`,
      );
    return [a![0], a![1], columns!];
  },
  weights: noWeights,
  macsPerOutput: (_layer, [a]) => a![2],
  flopsPerOutput: (_layer, [a]) => 2 * a![2],
  neededInput: whole,
};

/** Look-up in a table `[vocabulary, units]`. */
export const embedding: Operator<Embedding> = {
  outputShape: (layer, [input]) => [1, elements(input!), layer.units],
  weights: (layer) => [{ name: 'embeddings', shape: [layer.vocabulary, layer.units], trainable: true }],
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: whole,
};
