import { CONCAT, MARGIN, PAD, RESIZE, SLICE, STRIDED_SLICE } from './integers.js';
import { floats, type KernelShape, type Makes, mapBytes, type Tape } from './tape.js';

export const concat: Makes = (tape, shape) => {
  if (shape['parts'] === 1) return tape.copy(mapBytes(shape));
  tape.run(mapBytes(shape), CONCAT);
  return mapBytes(shape);
};

export const spaceToDepth: Makes = (tape, shape) => {
  tape.reshape(4);
  tape.run(mapBytes(shape), 4);
  tape.reshape(4);
  return mapBytes(shape);
};

export const depthToSpace: Makes = (tape, shape) => {
  const [height, width, block] = [shape['height']!, shape['width']!, shape['block']!];
  const channels = shape['channels']! / block ** 2;
  if (shape['last'] === 1) {
    tape.reshape(3);
    tape.run(mapBytes(shape), 3);
  }
  tape.reshape(4);
  tape.run(mapBytes(shape), 4);
  tape.reshape(4);
  return cut(tape, [height * block, width * block, channels], shape);
};

export const channelShuffle: Makes = (tape, shape) => {
  tape.reshape(3);
  tape.run(mapBytes(shape), 3);
  tape.reshape(4);
  return mapBytes(shape);
};

export const transpose: Makes = (tape, shape) => {
  tape.run(mapBytes(shape), 4);
  return mapBytes(shape);
};

export const slice: Makes = (tape, shape) => {
  const output = floats(shape['outHeight']!, shape['outWidth']!, shape['outChannels']!);
  const isPlain = ['rowStep', 'columnStep', 'channelStep'].every((name) => shape[name] === 1);
  tape.run(output, isPlain ? SLICE : STRIDED_SLICE);
  return output;
};

export const pad: Makes = (tape, shape) => {
  const along = (size: string, before: string, after: string) =>
    shape[size]! + Math.max(0, shape[before]!) + Math.max(0, shape[after]!);
  const sizes = [
    along('height', 'padTop', 'padBottom'),
    along('width', 'padLeft', 'padRight'),
    along('channels', 'channelsBefore', 'channelsAfter'),
  ] as const;
  tape.run(floats(...sizes), shape['reflect'] === 1 ? MARGIN : PAD);
  return cut(tape, sizes, shape);
};

export const upsample: Makes = (tape, shape) => {
  const output = floats(
    shape['height']! * shape['factorHeight']!,
    shape['width']! * shape['factorWidth']!,
    shape['channels']!,
  );
  tape.run(output, RESIZE);
  return output;
};

export const resize: Makes = (tape, shape) => {
  const output = floats(shape['outHeight']!, shape['outWidth']!, shape['channels']!);
  tape.run(output, RESIZE);
  return output;
};

/** Bytes of the kernel's region of a map that has just been made: all of it, or a part that is cut out. */
function cut(
  tape: Tape,
  [height, width, channels]: readonly [number, number, number],
  shape: KernelShape,
): number {
  const [outHeight, outWidth] = [shape['outHeight']!, shape['outWidth']!];
  if (height !== outHeight || width !== outWidth) tape.run(floats(outHeight, outWidth, channels), SLICE);
  return floats(outHeight, outWidth, channels);
}
