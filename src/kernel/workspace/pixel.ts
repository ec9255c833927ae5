import { floats, type Makes, mapBytes } from './tape.js';

/** Native kernels give mean and variance back as well, twice. */
export const batchNorm: Makes = (tape, shape) => {
  const output = mapBytes(shape);
  const moments = 4 * floats(shape['channels']!);
  tape.make(output);
  if (tape.runtime === 'tfjs-node') {
    tape.make(moments);
    tape.free(moments);
    // The result's rank is said anew.
    tape.reshape(4);
  }
  return output;
};

/** Means and differences, squares, their means, a root, and the scaled and moved quotient. */
export const layerNorm: Makes = (tape, shape) => {
  const output = mapBytes(shape);
  const pixels = floats(shape['height']!, shape['width']!);
  const mean = () => {
    if (tape.runtime !== 'tfjs-cpu') return tape.run(pixels, 1);
    // The sum of quotients, which are a map of their own, by a number.
    tape.make(floats(1));
    tape.make(output);
    tape.make(pixels);
    tape.free(floats(1) + output);
  };
  mean();
  tape.make(output);
  tape.make(output);
  mean();
  tape.withNumber(pixels);
  tape.make(pixels);
  for (let step = 0; step < 3; step++) tape.make(output);
  return output;
};

export const localResponseNorm: Makes = (tape, shape) => {
  tape.make(mapBytes(shape));
  return mapBytes(shape);
};

/** Plain JavaScript takes the largest of each pixel, differences, their exponentials and the sum of those. */
export const softmax: Makes = (tape, shape) => {
  const output = mapBytes(shape);
  if (tape.runtime === 'tfjs-cpu') {
    const pixels = floats(shape['height']!, shape['width']!);
    for (const bytes of [pixels, output, output, pixels]) tape.make(bytes);
  }
  tape.make(output);
  return output;
};

/** Terms are combined from the left: a partial result has the axes that some term so far has. */
const fold: Makes = (tape, shape) => {
  const { height, width, channels, terms } = shape as Record<string, number>;
  if (terms === 1) return tape.copy(mapBytes(shape));
  let repeated = shape['repeated1'] ?? 0;
  for (let term = 2; term <= terms!; term++) {
    repeated &= shape[`repeated${term}`] ?? 0;
    const has = (size: number, axis: number) => ((repeated & axis) === 0 ? size : 1);
    tape.make(floats(has(height!, 1), has(width!, 2), has(channels!, 4)));
  }
  return mapBytes(shape);
};

export const add = fold;
export const subtract = fold;
export const multiply = fold;
export const divide = fold;
export const maximum = fold;
export const minimum = fold;
