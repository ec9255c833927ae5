import { CONCAT, PAD } from './integers.js';
import { floats, type KernelShape, type Makes, mapBytes, type Tape } from './tape.js';

export const convTranspose2d: Makes = (tape, shape) => {
  const [groups, filters] = [shape['groups']!, shape['filters']!];
  const output = floats(shape['outHeight']!, shape['outWidth']!, filters);
  if (groups > 1) tape.run(mapBytes(shape), groups + 1);
  for (let group = 0; group < groups; group++) spread(tape, shape, filters / groups);
  if (groups > 1) tape.run(output, CONCAT);
  if (shape['bias'] === 1) tape.make(output);
  return output;
};

/** Native kernels append the rows and columns that no pixel reaches. The size that is made is said by a tensor. */
function spread(tape: Tape, shape: KernelShape, filters: number): void {
  const [outHeight, outWidth] = [shape['outHeight']!, shape['outWidth']!];
  const made = floats(outHeight, outWidth, filters);
  if (tape.runtime !== 'tfjs-node') {
    tape.make(made);
    return;
  }
  const rows = unreached(shape, 'height', 'kernelHeight', 'strideHeight', shape['padTop']!, outHeight);
  const columns = unreached(shape, 'width', 'kernelWidth', 'strideWidth', shape['padLeft']!, outWidth);
  const sizes = floats(4);
  const reached = floats(outHeight - rows, outWidth - columns, filters);
  tape.make(sizes);
  tape.make(reached);
  if (rows + columns > 0) {
    tape.run(made, PAD);
    tape.free(reached);
  }
  tape.free(sizes);
}

function unreached(
  shape: KernelShape,
  size: string,
  kernel: string,
  stride: string,
  before: number,
  made: number,
): number {
  return Math.max(0, made + before - (shape[size]! - 1) * shape[stride]! - shape[kernel]!);
}

export const channelConv2d: Makes = (tape, shape) => {
  const [height, width, filters] = [shape['outHeight']!, shape['outWidth']!, shape['filters']!];
  const { depth, depthStride, depthSame, channels } = shape as Record<string, number>;
  const places =
    depthSame === 1
      ? Math.ceil(channels! / depthStride!)
      : Math.floor((channels! - depth!) / depthStride!) + 1;
  const output = floats(height, width, places, filters);
  const isAlone = ['kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth'].every(
    (name) => shape[name] === 1,
  );
  if (!isAlone) {
    const missing = depthSame === 1 ? Math.max(0, (places - 1) * depthStride! + depth! - channels!) : 0;
    const padded = floats(
      shape['height']! + shape['padTop']! + shape['padBottom']!,
      shape['width']! + shape['padLeft']! + shape['padRight']!,
      channels! + missing,
    );
    tape.run(padded, PAD);
  }
  // The map and the filters get the rank of the convolution, in two dimensions or in three.
  const rank = isAlone ? 4 : 5;
  tape.reshape(rank);
  tape.reshape(rank);
  tape.make(output);
  tape.reshape(3);
  if (shape['bias'] === 1) tape.make(output);
  if (filters > 1) tape.run(output, 3);
  tape.reshape(4);
  return output;
};
