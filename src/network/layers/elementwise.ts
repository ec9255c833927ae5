import { NonnError } from '../../foundation/index.js';
import type { Activation, Elementwise, Prelu, Softmax } from '../layer.js';
import type { Range, Shape } from '../region.js';
import { noPad, noWeights, type Operator, pixelwise, whole, zero } from './operator.js';

export const activation: Operator<Activation> = {
  outputShape: (_layer, [input]) => input!,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: () => 1,
  neededInput: pixelwise,
};

export const prelu: Operator<Prelu> = {
  outputShape: (_layer, [input]) => input!,
  weights: (layer, [input]) => [
    {
      name: 'slope',
      shape: layer.perPixel === true ? input! : [layer.perChannel ? input![2] : 1],
      trainable: true,
    },
  ],
  macsPerOutput: zero,
  flopsPerOutput: () => 2,
  // A piece would need a piece of the slopes.
  neededInput: (layer, output) => (layer.perPixel === true ? null : pixelwise(layer, output)),
};

/** Sums, products and so on of two or more maps; an axis of length 1 is repeated. */
export const elementwise: Operator<Elementwise> = {
  outputShape: (layer, inputs) => {
    const output = [0, 1, 2].map((axis) =>
      inputs.reduce((size, shape) => (size === 1 ? shape[axis]! : size), 1),
    ) as unknown as Shape;
    const odd = inputs.find((shape) => shape.some((size, axis) => size !== output[axis] && size !== 1));
    if (odd !== undefined) {
      throw new NonnError(
        `layer ${layer.id}: found inputs of ${inputs[0]!.join('x')} and ${odd.join('x')}, expected equal shapes, or 1 where one is repeated`,
      );
    }
    return output;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: (layer) => layer.inputs.length - 1,
  neededInput: (_layer, output, inputs, index) => {
    const [height, width] = inputs[index]!;
    const along = (range: Range, size: number): Range => (size === 1 ? [0, 1] : range);
    return {
      region: { rows: along(output.rows, height), columns: along(output.columns, width) },
      pad: noPad,
    };
  },
};

/** Softmax over the channels: exponential, sum and division count one each. */
export const softmax: Operator<Softmax> = {
  outputShape: (_layer, [input]) => input!,
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: () => 3,
  neededInput: whole,
};
