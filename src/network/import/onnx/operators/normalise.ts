import { type Constant, constant } from '../../constant.js';
import { alongChannels } from '../../emit/pixel.js';
import type { NodeReader, OperatorImport } from '../../graph/node.js';

/** Normalisations. */
export const normaliseOperators: Readonly<Record<string, OperatorImport>> = {
  BatchNormalization: (node) => {
    if (node.integer('training_mode', 0) !== 0) throw node.wrong('training_mode 1', 'a model for inference');
    if (node.integer('spatial', 1) !== 1) throw node.wrong('spatial 0', '1: one scale a channel');
    const [gamma, beta, movingMean, movingVariance] = [1, 2, 3, 4].map((index) => vector(node, index));
    return alongChannels(
      node.assembly,
      node.name,
      node.value(0),
      1,
      { kind: 'batchNorm', epsilon: node.float('epsilon', 1e-5) },
      { gamma: gamma!, beta: beta!, movingMean: movingMean!, movingVariance: movingVariance! },
    );
  },
  LayerNormalization: (node) => {
    const value = node.value(0);
    const rank = value.dims.length;
    const axis = node.axis(node.integer('axis', -1), rank);
    if (axis !== rank - 1) throw node.wrong(`axis ${axis} of ${rank}`, 'the last one');
    const gamma = node.constant(1);
    const zeros = constant('zeros', gamma.dims, () => new Float32Array(gamma.count));
    const beta = node.optionalConstant(2) ?? zeros;
    const epsilon = node.float('epsilon', 1e-5);
    return alongChannels(
      node.assembly,
      node.name,
      value,
      axis,
      { kind: 'layerNorm', epsilon },
      { gamma, beta },
    );
  },
  LRN: (node) => {
    const size = node.integer('size', 0);
    return alongChannels(node.assembly, node.name, node.value(0), 1, {
      kind: 'localResponseNorm',
      size,
      // ONNX divides by the size what nonn, as AlexNet's authors, multiplies the sum with.
      alpha: node.float('alpha', 1e-4) / size,
      beta: node.float('beta', 0.75),
      bias: node.float('bias', 1),
    });
  },
  DequantizeLinear: (node) => {
    const [numbers, scale] = [node.constant(0), node.constant(1)];
    const zero = node.optionalConstant(2);
    const axis = node.axis(node.integer('axis', 1), Math.max(2, numbers.dims.length));
    const inner = numbers.dims.slice(axis + 1).reduce((product, one) => product * one, 1);
    return constant(numbers.name, numbers.dims, () => {
      const [scales, zeros] = [scale.numbers(), zero?.numbers()];
      const from = numbers.numbers();
      return Float32Array.from(from, (value, index) => {
        const at = scales.length === 1 ? 0 : Math.floor(index / inner) % scales.length;
        return (value - (zeros?.[at] ?? 0)) * scales[at]!;
      });
    });
  },
};

function vector(node: NodeReader, index: number): Constant {
  const value = node.constant(index);
  if (value.dims.length !== 1)
    throw node.wrong(`input ${index + 1} of ${value.dims.join('x')}`, 'one number a channel');
  return value;
}
