import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NonnError } from '../../../src/foundation/index.js';
import { decodeImage } from '../../../src/learn/data/decode-image.js';
import { readImageFolder } from '../../../src/learn/data/index.js';
import { type Files, jpg, png, tar, twoClasses, writeFolder } from './image-files.js';

const scratch = mkdtempSync(join(tmpdir(), 'nonn-images-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let count = 0;
function place(ending = ''): string {
  count++;
  return join(scratch, `case-${count}${ending}`);
}

async function archive(files: Files): Promise<string> {
  const file = place('.tar.gz');
  writeFileSync(file, gzipSync(await tar(files)));
  return file;
}

/** The sentence that reading a folder or archive ends with, without the place where it lies. */
async function sentence(path: string, options = {}): Promise<string> {
  const error = await readImageFolder(path, { cache: false, ...options }).then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toBeInstanceOf(NonnError);
  return error.message.replace(`${path}: `, '').replace(path, 'PLACE');
}

/** The same sentence from a folder and from an archive. */
async function both(files: Files): Promise<string> {
  const one = await sentence(writeFolder(place(), files));
  expect(await sentence(await archive(files))).toBe(one);
  return one;
}

const good = twoClasses(2);
const { 'test/dog/000.png': _, ...withoutDogTest } = good;

describe('a folder or archive that is not as it must be', () => {
  it.each<[string, Files, string]>([
    [
      'with a broken image',
      { ...good, 'train/dog/001.png': png(4, 3, [1, 2, 3]).subarray(0, 50) },
      'train/dog/001.png: found a broken image, expected a whole JPEG or PNG image',
    ],
    [
      'with a cut JPEG image',
      { ...good, 'train/dog/001.jpg': jpg(4, 3, [1, 2, 3]).subarray(0, -8) },
      'train/dog/001.jpg: found a broken image (marker was not found), expected a whole JPEG or PNG image',
    ],
    [
      'with an empty file',
      { ...good, 'train/dog/001.png': new Uint8Array(0) },
      'train/dog/001.png: found an empty file, expected a JPEG or PNG image',
    ],
    [
      'with a text that is called an image',
      { ...good, 'test/cat/000.png': Buffer.from('no image') },
      'test/cat/000.png: found a file of another form, expected a JPEG or PNG image',
    ],
    [
      'with an image of another size',
      { ...good, 'test/dog/001.png': png(3, 4, [1, 2, 3]) },
      'test/dog/001.png: found an image of 4x3, expected 3x4 (height, width) like the others',
    ],
    [
      'with an empty class folder',
      { ...good, 'train/eel': null, 'test/eel/0.png': png(4, 3, [1, 2, 3]) },
      'found no image in "train/eel", expected at least one of each class',
    ],
    [
      'with a class folder that holds no images',
      { ...good, 'train/eel/notes.txt': Buffer.from('later'), 'test/eel/0.png': png(4, 3, [1, 2, 3]) },
      'found no image in "train/eel", expected at least one of each class',
    ],
    [
      'with unlike classes',
      withoutDogTest,
      'found the class "dog" in train only, expected the same classes in test',
    ],
    [
      'without training images',
      { 'test/cat/0.png': png(4, 3, [1]), 'test/dog/0.png': png(4, 3, [1]) },
      'found no folder "train" with classes, expected JPEG or PNG images in train/<class>/ and test/<class>/',
    ],
    [
      'with one class',
      { 'train/cat/0.png': png(4, 3, [1]), 'test/cat/0.png': png(4, 3, [1]) },
      'found 1 class, expected 2 to 256',
    ],
    [
      'with an image outside a class',
      { ...good, 'train/0.png': png(4, 3, [1]) },
      'found the image "train/0.png", expected images in train/<class>/ and test/<class>/ only',
    ],
    [
      'with an image below a class',
      { ...good, 'train/cat/small/0.png': png(4, 3, [1]) },
      'found the image "train/cat/small/0.png", expected images in train/<class>/ and test/<class>/ only',
    ],
  ])('%s says so', async (_name, files, expected) => {
    expect(await both(files)).toBe(expected);
  });

  it('says so where nothing can be read', async () => {
    expect(await sentence(place())).toBe('found no such file, expected a folder or archive of images');
    const empty = place();
    mkdirSync(empty);
    expect(await sentence(empty)).toContain('found no folder "train" with classes');
    expect(await sentence('/dev/null')).toBe(
      'found neither file nor folder, expected a folder or archive of images',
    );
  });

  it('says so where options do not fit', async () => {
    const folder = writeFolder(place(), good);
    expect(await sentence(folder, { validation: 1 })).toBe(
      'validation: found 1, expected a share from 0 up to, not including, 1',
    );
    expect(await sentence(folder, { limit: 0 })).toBe(
      'limit: found 0, expected a whole number of images above 0',
    );
    expect(await sentence(folder, { limit: 1, validation: 0.1 })).toBe(
      'validation: found one image of the class "cat", expected at least two, to hold one out',
    );
    expect(await sentence(folder, { shape: [3, 4, 1] })).toBe('found coloured images, expected 1 channel');
    expect(await sentence(folder, { shape: [4, 4, 3] })).toBe(
      'train/cat/000.png: found an image of 3x4, expected 4x4 (height, width) like the others',
    );
  });
});

describe('an archive that is not as it must be', () => {
  const form = 'expected a whole .tar, .tar.gz or .tgz archive of images';

  it('says so where it ends too early, wherever that is', async () => {
    const whole = await tar(good);
    const packed = gzipSync(whole);
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const file = place('.tar.gz');
      writeFileSync(file, packed.subarray(0, Math.floor(share * packed.length)));
      expect(await sentence(file)).toBe(`found an archive that ends too early, ${form}`);
    }
    // In a header, in an image, between two files, and before the zeros at the end.
    for (const length of [100, 600, 1024, whole.length - 1024]) {
      const file = place('.tar');
      writeFileSync(file, whole.subarray(0, length));
      expect(await sentence(file)).toBe(`found an archive that ends too early, ${form}`);
    }
  });

  it('says so where it is no archive', async () => {
    const file = place('.tar');
    writeFileSync(file, Buffer.from('text '.repeat(500)));
    expect(await sentence(file)).toMatch(/^found no archive that can be read \(.*\), expected a whole \.tar/);
  });

  it('refuses names that lead outside of it', async () => {
    for (const name of [
      '../train/cat/0.png',
      'train/../../cat/0.png',
      '/train/cat/0.png',
      'c:\\train\\cat\\0.png',
    ])
      expect(await sentence(await archive({ ...good, [name]: png(4, 3, [1]) }))).toBe(
        `found the name ${JSON.stringify(name)}, expected names that stay inside the archive`,
      );
  });

  it('never ends in anything but a sentence or a data set, whatever its bytes', async () => {
    const whole = await tar(good);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        fc.boolean(),
        async (changes, length, isPacked) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          const cut = length % 3 === 0 ? bytes.subarray(0, length) : bytes;
          const file = join(scratch, 'any.tar');
          writeFileSync(file, isPacked ? gzipSync(cut, { level: 1 }) : cut);
          await readImageFolder(file, { cache: false }).catch((error: unknown) => {
            if (!(error instanceof NonnError)) throw error;
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an image', () => {
  it('of too many pixels is refused before it is decoded', () => {
    const claims = png(4, 3, [1, 2, 3]);
    claims.writeUInt32BE(50_000, 16);
    claims.writeUInt32BE(50_000, 20);
    expect(() => decodeImage(claims, 'a.tar', 'train/cat/0.png')).toThrow(
      'a.tar: train/cat/0.png: found a larger image, expected at most 1048576 pixels',
    );
    const photo = jpg(4, 3, [1, 2, 3]);
    const frame = photo.indexOf(Buffer.from([0xff, 0xc0]));
    photo.writeUInt16BE(60_000, frame + 5);
    photo.writeUInt16BE(60_000, frame + 7);
    expect(() => decodeImage(photo, 'a.tar', 'train/cat/0.jpg')).toThrow('found a larger image');
  });

  it('never ends in anything but a sentence or pixels in its shape, whatever its bytes', () => {
    const images = [jpg(16, 16, [200, 100, 7]), png(16, 16, [200, 100, 7]), png(16, 16, [9])];
    fc.assert(
      fc.property(
        fc.constantFrom(...images),
        fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { maxLength: 5 }),
        fc.nat(1000),
        (image, changes, length) => {
          const bytes = Buffer.from(image);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const cut = length % 2 === 0 ? bytes.subarray(0, length) : bytes;
          try {
            const { shape, values } = decodeImage(cut, 'folder', 'train/cat/0.jpg');
            expect(values.length).toBe(shape[0] * shape[1] * shape[2]);
          } catch (error) {
            if (!(error instanceof NonnError)) throw error;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
