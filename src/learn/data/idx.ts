import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { complain, readBytes } from '../../foundation/index.js';
import type { DecodedParts } from './decode-parts.js';
import type { ImageSet } from './image-set.js';

/** First four bytes: unsigned bytes in three dimensions (count, rows, columns) or in one. */
const [IMAGES, LABELS] = [0x0803, 0x0801];
const LARGEST_BYTES = 2 ** 31 - 2;

/**
 * MNIST's own form (http://yann.lecun.com/exdb/mnist/, "file formats for the MNIST database"), packed or not, which
 * Fashion-MNIST and others share; null where a folder has no such files.
 */
export function idxFiles(folder: string): (() => DecodedParts) | null {
  const fileOf = (name: string) =>
    [name, name.replace('-idx', '.idx')]
      .flatMap((one) => [one, `${one}.gz`])
      .map((one) => join(folder, one))
      .find((file) => existsSync(file)) ?? join(folder, name);
  const images = fileOf('train-images-idx3-ubyte');
  if (!existsSync(images)) return null;
  return () => {
    const train = partOf(images, fileOf('train-labels-idx1-ubyte'));
    const test = partOf(fileOf('t10k-images-idx3-ubyte'), fileOf('t10k-labels-idx1-ubyte'));
    if (train.shape.join() !== test.shape.join())
      throw complain({
        file: folder,
        found: `test images of ${test.shape.join('x')}`,
        expected: `${train.shape.join('x')} like those for training`,
      });
    const count = Math.max(2, 1 + largest(train.labels), 1 + largest(test.labels));
    const classes = Array.from({ length: count }, (_, label) => String(label));
    return { train: { ...train, classes }, test: { ...test, classes } };
  };
}

function partOf(imageFile: string, labelFile: string): ImageSet {
  const { extents, values } = readIdx(imageFile, IMAGES, 3);
  const { values: labels } = readIdx(labelFile, LABELS, 1);
  const [count, height, width] = extents as [number, number, number];
  if (labels.length !== count)
    throw complain({ file: labelFile, found: `${labels.length} labels`, expected: `${count}, one an image` });
  return { classes: [], shape: [height, width, 1], images: values, labels };
}

function readIdx(file: string, form: number, dimensions: number) {
  const bytes = unpacked(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * dimensions;
  if (bytes.length < start || view.getUint32(0) !== form)
    throw complain({
      file,
      found: 'a file of another form',
      expected: `an IDX file of bytes in ${dimensions} dimension${dimensions === 1 ? '' : 's'}`,
    });
  const extents = Array.from({ length: dimensions }, (_, at) => view.getUint32(4 + 4 * at));
  const size = extents.reduce((product, extent) => product * extent, 1);
  if (size === 0 || bytes.length !== start + size)
    throw complain({
      file,
      found: `${bytes.length - start} bytes of values`,
      expected: `${extents.join('x')}, at least one, as its head says`,
    });
  return { extents, values: new Uint8Array(bytes.buffer, bytes.byteOffset + start, size) };
}

function unpacked(file: string): Uint8Array {
  const bytes = readBytes(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_BYTES });
  } catch (error) {
    throw complain({
      file,
      found: `data that cannot be unpacked (${(error as Error).message})`,
      expected: 'a whole gzip file',
    });
  }
}

function largest(labels: Uint8Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0);
}
