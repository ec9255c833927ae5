import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { complain, type NonnError } from '../../foundation/index.js';

/** A decoded image: `[height, width, channels]`, 0 to 255; one channel for grey, three for red, green, blue. */
export interface DecodedImage {
  readonly shape: readonly [number, number, number];
  readonly values: Uint8Array;
}

/** No image is decoded that claims more pixels. */
export const LARGEST_IMAGE_PIXELS = 2 ** 20;
const MEMORY_MEGABYTES = 256;

/**
 * Decodes a JPEG or PNG file by its first bytes, whatever its name. Transparency is dropped.
 * @param file and path say in errors which image it was.
 * @throws NonnError in one sentence where the image is broken, too large or of a form that is not read.
 */
export function decodeImage(bytes: Uint8Array, file: string, path: string): DecodedImage {
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes);
    if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47)
      return decodePng(bytes);
  } catch (error) {
    const message = (error as Error).message;
    if (/maxResolution|maxMemory|too many pixels/.test(message)) throw tooLarge(file, path);
    throw complain({
      file,
      path,
      found: `a broken image${reasonOf(error as Error)}`,
      expected: 'a whole JPEG or PNG image',
    });
  }
  throw complain({
    file,
    path,
    found: bytes.length === 0 ? 'an empty file' : 'a file of another form',
    expected: 'a JPEG or PNG image',
  });
}

function decodeJpeg(bytes: Uint8Array): DecodedImage {
  const decoded = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: LARGEST_IMAGE_PIXELS / 1e6,
    maxMemoryUsageInMB: MEMORY_MEGABYTES,
  });
  const { width, height, data } = decoded;
  if (width === 0 || height === 0) throw new Error('no pixels');
  if (jpegComponents(bytes) !== 1) return { shape: [height, width, 3], values: data };
  return { shape: [height, width, 1], values: everyNth(data, 3) };
}

/** Components of the frame: 1 is grey. The decoder gives three channels in any case. */
function jpegComponents(bytes: Uint8Array): number {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xc2) return bytes[at + 9]!;
    // Fill bytes and stuffed zeros have no length.
    at += marker === 0xff || marker === 0 ? 1 : 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  }
  return 3;
}

function decodePng(bytes: Uint8Array): DecodedImage {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 33 || buffer.toString('latin1', 12, 16) !== 'IHDR') throw new Error('no header');
  const [width, height] = [buffer.readUInt32BE(16), buffer.readUInt32BE(20)];
  if (width * height > LARGEST_IMAGE_PIXELS) throw new Error('too many pixels');
  if (width === 0 || height === 0) throw new Error('no pixels');
  // Interlaced data would be inflated without a limit.
  if (buffer[28] !== 0) throw new Error('interlaced, which is not read');
  const { data } = PNG.sync.read(buffer);
  const isGrey = (buffer[25]! & 3) === 0;
  if (isGrey) return { shape: [height, width, 1], values: everyNth(data, 4) };
  const values = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < values.length; from += 4) {
    values[to++] = data[from]!;
    values[to++] = data[from + 1]!;
    values[to++] = data[from + 2]!;
  }
  return { shape: [height, width, 3], values };
}

function everyNth(data: Uint8Array, step: number): Uint8Array {
  const values = new Uint8Array(data.length / step);
  for (let index = 0; index < values.length; index++) values[index] = data[index * step]!;
  return values;
}

/** Decoders stumble over broken data with errors of their own too, which say nothing about the image. */
function reasonOf(error: Error): string {
  const isTheirs = error instanceof TypeError || error instanceof RangeError || /stream/.test(error.message);
  return isTheirs ? '' : ` (${error.message})`;
}

function tooLarge(file: string, path: string): NonnError {
  return complain({
    file,
    path,
    found: 'a larger image',
    expected: `at most ${LARGEST_IMAGE_PIXELS} pixels`,
  });
}
