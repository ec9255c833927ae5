import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NonnError } from '../../../src/foundation/index.js';
import { countOf, type DataSetOptions, readDataSet } from '../../../src/learn/data/index.js';
import { type Files, twoClasses, writeFolder } from './image-files.js';

const scratch = mkdtempSync(join(tmpdir(), 'nonn-data-'));
beforeAll(() => vi.stubEnv('NONN_CACHE', join(scratch, 'cache')));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

let count = 0;
function folder(files: Files): string {
  count++;
  const place = join(scratch, `case-${count}`);
  mkdirSync(place);
  return writeFolder(place, files);
}

async function sentence(path: string | undefined, options: DataSetOptions = {}): Promise<string> {
  const error = await readDataSet('mine', { path, ...options }).then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toBeInstanceOf(NonnError);
  return error.message.replace(`${path}/`, '').replace(`${path}: `, '');
}

/** A record of CIFAR's form: labels, and planes of red, green and blue of which each has a ramp of its own. */
function record(...labels: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: labels.length + 3 * 1024 }, (_, at) =>
    at < labels.length ? labels[at]! : ((at - labels.length) % 200) + Math.floor((at - labels.length) / 1024),
  );
}

const tenRecords = Buffer.concat(Array.from({ length: 10 }, (_, label) => record(label)));
const cifar10: Files = {
  ...Object.fromEntries([1, 2, 3, 4, 5].map((batch) => [`data_batch_${batch}.bin`, tenRecords])),
  'test_batch.bin': tenRecords,
  'batches.meta.txt': Buffer.from('plane\ncar\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n'),
};

/** An IDX file (http://yann.lecun.com/exdb/mnist/). */
function idx(extents: readonly number[], values: Iterable<number>): Buffer {
  const head = Buffer.from([0, 0, 8, extents.length, ...extents.flatMap((extent) => [0, 0, 0, extent])]);
  return Buffer.concat([head, Uint8Array.from(values)]);
}

const digits: Files = {
  'train-images-idx3-ubyte': idx(
    [4, 2, 3],
    Array.from({ length: 24 }, (_, at) => at),
  ),
  'train-labels-idx1-ubyte': idx([4], [2, 0, 1, 2]),
  't10k-images-idx3-ubyte': idx([3, 2, 3], Array(18).fill(9)),
  't10k-labels-idx1-ubyte': idx([3], [0, 1, 2]),
};

describe('a data set by its name', () => {
  it('is the embedded digits for "mnist", and lies at a path otherwise', async () => {
    const mnist = await readDataSet('mnist', { validation: 0.1 });
    expect([countOf(mnist.train) + countOf(mnist.validation!), countOf(mnist.test)]).toEqual([8004, 1996]);
    expect(await sentence(undefined)).toBe(
      'data.set: found "mine" without a place, expected "mnist", or a folder or archive where its images lie',
    );
    const { name, train } = await readDataSet('mine', { path: folder(twoClasses(2)), limit: 1 });
    expect([name, [...train.labels]]).toEqual(['mine', [0, 1]]);
  });

  it('is cut to the first images of each class', async () => {
    const { train, test } = await readDataSet('mnist', { limit: 3 });
    expect([countOf(train), countOf(test)]).toEqual([30, 30]);
    expect([...train.labels.subarray(0, 7)]).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  it("can be the binary batches of CIFAR-10, with colours by pixel and the classes in the authors' order", async () => {
    for (const path of [
      folder(cifar10),
      folder(
        Object.fromEntries(
          Object.entries(cifar10).map(([name, bytes]) => [`cifar-10-batches-bin/${name}`, bytes]),
        ),
      ),
    ]) {
      const { train, test } = await readDataSet('cifar10', { path });
      expect(train.classes.slice(0, 3)).toEqual(['plane', 'car', 'bird']);
      expect(train.shape).toEqual([32, 32, 3]);
      expect([countOf(train), countOf(test)]).toEqual([50, 10]);
      expect([...test.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const plane = (channel: number, pixel: number) => ((channel * 1024 + pixel) % 200) + channel;
      for (const pixel of [0, 1, 33, 1023])
        expect([...test.images.subarray(3072 + 3 * pixel, 3072 + 3 * pixel + 3)]).toEqual(
          [0, 1, 2].map((channel) => plane(channel, pixel)),
        );
    }
  });

  it('can be the binary batches of CIFAR-100, with the fine labels', async () => {
    const records = Buffer.concat(Array.from({ length: 100 }, (_, label) => record(label % 20, label)));
    const names = Array.from({ length: 100 }, (_, label) => `class ${label}`).join('\n');
    const path = folder({
      'train.bin': records,
      'test.bin': records,
      'fine_label_names.txt': Buffer.from(names),
    });
    const { train } = await readDataSet('cifar100', { path });
    expect([...train.labels]).toEqual(Array.from({ length: 100 }, (_, label) => label));
    expect(train.classes[99]).toBe('class 99');
  });

  it('can be IDX files as MNIST has them, packed or not', async () => {
    const packed = Object.fromEntries(
      Object.entries(digits).map(([name, bytes]) => [`${name.replace('-idx', '.idx')}.gz`, gzipSync(bytes!)]),
    );
    for (const files of [digits, packed]) {
      const { train, test } = await readDataSet('digits', { path: folder(files) });
      expect(train.classes).toEqual(['0', '1', '2']);
      expect(train.shape).toEqual([2, 3, 1]);
      expect([...train.images.subarray(6, 12)]).toEqual([6, 7, 8, 9, 10, 11]);
      expect([...train.labels]).toEqual([2, 0, 1, 2]);
      expect(countOf(test)).toBe(3);
    }
  });

  it.each<[string, Files, string]>([
    [
      'a cut batch',
      { ...cifar10, 'data_batch_3.bin': tenRecords.subarray(0, 5000) },
      'data_batch_3.bin: found 5000 bytes, expected images of 3073 bytes each',
    ],
    [
      'a missing batch',
      { ...cifar10, 'data_batch_3.bin': null },
      'data_batch_3.bin: found a folder, expected a readable file',
    ],
    [
      'a label that no class has',
      { ...cifar10, 'test_batch.bin': record(10) },
      'test_batch.bin: image 0: found the label 10, expected one below 10',
    ],
    [
      'too few names',
      { ...cifar10, 'batches.meta.txt': Buffer.from('plane\ncar\n') },
      'batches.meta.txt: found 2 names of classes, expected 10',
    ],
    [
      'a class without a test image',
      { ...cifar10, 'test_batch.bin': record(0) },
      'found no image of the class "car" for testing, expected at least one of each class',
    ],
    [
      'fewer labels than images',
      { ...digits, 'train-labels-idx1-ubyte': idx([3], [0, 1, 2]) },
      'train-labels-idx1-ubyte: found 3 labels, expected 4, one an image',
    ],
    [
      'cut images',
      { ...digits, 't10k-images-idx3-ubyte': digits['t10k-images-idx3-ubyte']!.subarray(0, 30) },
      't10k-images-idx3-ubyte: found 14 bytes of values, expected 3x2x3, at least one, as its head says',
    ],
    [
      'another form',
      { ...digits, 't10k-labels-idx1-ubyte': Buffer.from('no labels here') },
      't10k-labels-idx1-ubyte: found a file of another form, expected an IDX file of bytes in 1 dimension',
    ],
    [
      'test images of another size',
      { ...digits, 't10k-images-idx3-ubyte': idx([3, 3, 2], Array(18).fill(9)) },
      'found test images of 3x2x1, expected 2x3x1 like those for training',
    ],
  ])('with %s is refused in a sentence', async (_name, files, expected) => {
    expect(await sentence(folder(files))).toBe(expected);
  });

  it('never ends in anything but a sentence or a set, whatever the bytes of its IDX files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(digits)),
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(24),
        async (name, bytes, keep) => {
          const path = join(scratch, 'any');
          const whole = digits[name]!;
          writeFolder(path, { ...digits, [name]: Buffer.concat([whole.subarray(0, keep), bytes]) });
          await readDataSet('any', { path }).catch((error: unknown) => {
            if (!(error instanceof NonnError)) throw error;
          });
        },
      ),
    );
  });
});
