import { CONCAT, PAD, STRIDED_SLICE } from './integers.js';
import { floats, type KernelShape, type Makes, mapBytes, type Tape } from './tape.js';

/** Groups are cut apart, each is convolved by itself, and the results are put together. */
export const conv2d: Makes = (tape, shape) => {
  const output = floats(shape['outHeight']!, shape['outWidth']!, shape['filters']!);
  const groups = shape['groups']!;
  if (groups === 1) {
    product(tape, shape, output);
    return output;
  }
  tape.run(mapBytes(shape), groups + 1);
  for (let group = 0; group < groups; group++) product(tape, shape, output / groups);
  tape.run(output, CONCAT);
  return output;
};

export const depthwiseConv2d: Makes = (tape, shape) => {
  const output = floats(shape['outHeight']!, shape['outWidth']!, shape['channels']! * shape['multiplier']!);
  product(tape, shape, output);
  return output;
};

export const dense: Makes = (tape, shape) => {
  const output = floats(shape['units']!);
  tape.reshape(2);
  // Both factors as stacks of one matrix.
  tape.reshape(3);
  tape.reshape(3);
  if (tape.runtime === 'tfjs-cpu') {
    // Frees nothing before all is done.
    for (let made = 0; made <= added(shape); made++) tape.make(output);
    tape.free(added(shape) * output);
  } else product(tape, shape, output);
  tape.reshape(2);
  tape.reshape(4);
  return output;
};

/** One kernel on wasm; elsewhere a product, an addition and an activation, each freed when the next is there. */
function product(tape: Tape, shape: KernelShape, bytes: number): void {
  tape.make(bytes);
  if (tape.runtime === 'tfjs-wasm') return;
  for (let step = 0; step < added(shape); step++) tape.replace(bytes);
}

/** Operations that follow the product where they are not one with it. */
function added(shape: KernelShape): number {
  return (shape['bias'] === 1 ? 1 : 0) + (shape['activation'] === 0 ? 0 : 1);
}

export const maxPool: Makes = (tape, shape) => {
  const output = pooled(shape);
  if (isPick(shape)) return pick(tape, shape, output);
  tape.make(output);
  return output;
};

export const avgPool: Makes = (tape, shape) => {
  const output = pooled(shape);
  const { padTop, padBottom, padLeft, padRight, channels } = shape as Record<string, number>;
  const padding = padTop! + padBottom! + padLeft! + padRight!;
  const padded = floats(
    shape['height']! + padTop! + padBottom!,
    shape['width']! + padLeft! + padRight!,
    channels!,
  );
  const countsPadding = shape['countPadding'] === 1;
  if (countsPadding) tape.run(padded, PAD);
  if (isPick(shape)) return pick(tape, shape, output);
  const isRescaled = tape.runtime === 'tfjs-node' && padding > 0 && !countsPadding;
  if (isRescaled) tape.run(padded, PAD);
  mean(tape, output);
  if (isRescaled) {
    const scale = floats(shape['outHeight']!, shape['outWidth']!);
    tape.make(scale);
    tape.make(output);
    tape.free(scale + output + padded);
  }
  return output;
};

export const globalAvgPool: Makes = (tape, shape) => {
  const output = floats(shape['channels']!);
  if (shape['height'] === 1 && shape['width'] === 1) return tape.copy(output);
  mean(tape, output);
  return output;
};

export const globalMaxPool: Makes = (tape, shape) => {
  const output = floats(shape['channels']!);
  if (shape['height'] === 1 && shape['width'] === 1) return tape.copy(output);
  tape.make(output);
  return output;
};

/** tfjs turns means into numbers of the input's type, which they are: wasm copies them. */
function mean(tape: Tape, bytes: number): void {
  tape.make(bytes);
  if (tape.runtime === 'tfjs-wasm') tape.replace(bytes);
}

/** A window of one pixel takes pixels, or is no change at all. */
function pick(tape: Tape, shape: KernelShape, output: number): number {
  const isAll = shape['strideHeight'] === 1 && shape['strideWidth'] === 1;
  tape.run(isAll && tape.runtime !== 'tfjs-node' ? 0 : output, STRIDED_SLICE);
  return isAll && tape.runtime !== 'tfjs-node' ? 0 : output;
}

function isPick(shape: KernelShape): boolean {
  return shape['kernelHeight'] === 1 && shape['kernelWidth'] === 1;
}

function pooled(shape: KernelShape): number {
  return floats(shape['outHeight']!, shape['outWidth']!, shape['channels']!);
}
