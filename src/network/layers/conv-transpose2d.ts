import { NonnError } from '../../foundation/index.js';
import type { ConvTranspose2d } from '../layer.js';
import type { Operator } from './operator.js';
import { whole } from './operator.js';
import { isWhole } from './window.js';

/**
 * Transposed convolution; weights `[kernel height, kernel width, filters / groups, channels]`, as TensorFlow lays them
 * out. Kept whole: pieces would overlap in their output.
 */
export const convTranspose2d: Operator<ConvTranspose2d> = {
  outputShape: (layer, [input]) => {
    const { id, groups, filters } = layer;
    if (input![2] % groups !== 0 || filters % groups !== 0)
      throw new NonnError(
        `layer ${id}: found ${groups} groups for ${input![2]} channels and ${filters} filters, expected a divisor of both`,
      );
    return [outputSize(layer, 0, input![0]), outputSize(layer, 1, input![1]), filters];
  },
  weights: (layer, [input]) => [
    {
      name: 'kernel',
      shape: [...layer.kernel, layer.filters / layer.groups, input![2]],
      trainable: true,
    },
    ...(layer.bias ? [{ name: 'bias', shape: [layer.filters], trainable: true }] : []),
  ],
  // Every element of the input is multiplied with the whole window; spread evenly over the output.
  macsPerOutput: (layer, [input]) => {
    const [height, width] = convTranspose2d.outputShape(layer, [input!]);
    return (
      (layer.kernel[0] * layer.kernel[1] * input![0] * input![1] * input![2]) /
      layer.groups /
      (height * width)
    );
  },
  flopsPerOutput: (layer, inputs) => 2 * convTranspose2d.macsPerOutput(layer, inputs) + (layer.bias ? 1 : 0),
  neededInput: whole,
};

/** Rows or columns cut off before and after the full result, negative after where more is added. */
export function cropOf(layer: ConvTranspose2d, axis: 0 | 1): readonly [before: number, after: number] {
  const { padding } = layer;
  const added = layer.outputPadding?.[axis] ?? 0;
  if (padding === 'valid') return [0, Math.min(0, layer.kernel[axis] - layer.stride[axis]) - added];
  if (padding === 'same') {
    const total = Math.max(0, layer.kernel[axis] - layer.stride[axis]);
    const before = Math.floor(total / 2);
    return [before, layer.kernel[axis] - layer.stride[axis] - before - added];
  }
  return axis === 0 ? [padding.top, padding.bottom - added] : [padding.left, padding.right - added];
}

function outputSize(layer: ConvTranspose2d, axis: 0 | 1, size: number): number {
  const [kernel, stride] = [layer.kernel[axis], layer.stride[axis]];
  const added = layer.outputPadding?.[axis] ?? 0;
  if (!isWhole(kernel, 1) || !isWhole(stride, 1) || !isWhole(added, 0) || (added > 0 && added >= stride))
    throw new NonnError(
      `layer ${layer.id}: found a window of ${kernel}, stride ${stride} and output padding ${added}, expected whole numbers, the padding below the stride`,
    );
  const [before, after] = cropOf(layer, axis);
  if (before < 0 || before >= kernel || after >= kernel)
    throw new NonnError(
      `layer ${layer.id}: found a padding of ${before} and ${after}, expected less than the window's ${kernel}`,
    );
  return (size - 1) * stride + kernel - before - after;
}
