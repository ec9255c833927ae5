import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { complain, sha256 } from '../../foundation/index.js';
import type { Shape } from '../../network/index.js';
import { checkClassFolders } from './class-folders.js';
import { type DecodedImage, decodeImage } from './decode-image.js';
import { cacheFile, type DecodedParts, readCache, writeCache } from './decoded-cache.js';
import { byText, type ImageFile, type ImageListing } from './image-file.js';
import type { DataSet, ImageSet } from './image-set.js';
import { listArchive } from './list-archive.js';
import { listFolder } from './list-folder.js';
import { splitStratified } from './split.js';

export interface ImageFolderOptions {
  /** Name of the data set; default: the folder's or archive's, without its ending. */
  readonly name?: string | undefined;
  /** `[height, width, channels]` that every image must have; default: the first image's. */
  readonly shape?: Shape | undefined;
  /** Share of each class of the training images that is held out; default none. */
  readonly validation?: number | undefined;
  /** Seed of that draw; default 1. */
  readonly seed?: number | undefined;
  /** Most images of each class in each of the two parts, the first by name; default all. */
  readonly limit?: number | undefined;
  /** Whether decoded images are kept for the next start; default true. */
  readonly cache?: boolean | undefined;
  /** Told now and then how many images are decoded. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Milliseconds of decoding between two turns of the event loop. */
const TURN = 40;
/** Decoded bytes of all images together. */
const LARGEST_DECODED_BYTES = 2 ** 31;

/**
 * Reads JPEG and PNG images from `train/<class>/*` and `test/<class>/*` of a folder or of a .tar, .tar.gz or .tgz
 * archive. Classes and files are sorted by name, so the order is the same on any machine. Grey images among
 * coloured ones become coloured. Decoded images are kept in the cache folder.
 * @throws NonnError in one sentence for anything that is wrong with the folder, the archive or an image.
 */
export async function readImageFolder(path: string, options: ImageFolderOptions = {}): Promise<DataSet> {
  const { name = nameOf(path), validation, seed = 1, limit, shape, cache = true } = options;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    throw complain({ path: 'limit', found: String(limit), expected: 'a whole number of images above 0' });
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined)
    throw complain({ file: path, found: 'no such file', expected: 'a folder or archive of images' });
  const isFolder = status.isDirectory();
  const folder = isFolder ? listFolder(path) : null;
  const state = folder === null ? `${status.size} ${status.mtimeMs}` : stateOf(path, folder);
  const kept = cacheFile(path, limit);
  let parts = cache ? readCache(kept, state) : null;
  if (parts === null) {
    parts = await decodeParts(path, folder ?? (await listArchive(path)), options);
    if (cache) writeCache(kept, state, parts);
  }
  checkShape(path, shape, parts.train);
  if (validation === undefined || validation === 0) return { name, ...parts, validation: null };
  const { kept: train, taken } = splitStratified(parts.train, validation, seed);
  return { name, train, validation: taken, test: parts.test };
}

async function decodeParts(
  path: string,
  listing: ImageListing,
  { limit = Number.POSITIVE_INFINITY, shape, onProgress }: ImageFolderOptions,
): Promise<DecodedParts> {
  const classes = checkClassFolders(path, listing);
  const files = [...listing.files].sort((a, b) => byText(a.path, b.path));
  const filesOf = (split: ImageFile['split']) =>
    classes.flatMap((name) =>
      files.filter((file) => file.split === split && file.className === name).slice(0, limit),
    );
  const wanted = { train: filesOf('train'), test: filesOf('test') };
  const total = wanted.train.length + wanted.test.length;
  const first = wanted.train[0]!;
  const expected = shape ?? decodeImage(first.read(), path, first.path).shape;
  const size = expected.reduce((product, extent) => product * extent, 1);
  if (size * total > LARGEST_DECODED_BYTES)
    throw complain({
      file: path,
      found: `${total} images of ${expected.join('x')}`,
      expected: `at most ${LARGEST_DECODED_BYTES} bytes decoded`,
    });

  let done = 0;
  let turn = performance.now();
  const decode = async (part: readonly ImageFile[]): Promise<ImageSet> => {
    const images = new Uint8Array(part.length * size);
    const labels = Uint8Array.from(part, (file) => classes.indexOf(file.className));
    for (const [index, file] of part.entries()) {
      const image = decodeImage(file.read(), path, file.path);
      images.set(valuesAs(expected, image, path, file.path), index * size);
      done++;
      if (performance.now() - turn > TURN) {
        onProgress?.(done, total);
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
    }
    return { classes, shape: expected, images, labels };
  };
  const train = await decode(wanted.train);
  const test = await decode(wanted.test);
  onProgress?.(total, total);
  return { train, test };
}

/** An image's values in the set's shape: a grey image among coloured ones is repeated in the three channels. */
function valuesAs(expected: Shape, image: DecodedImage, file: string, path: string): Uint8Array {
  const [height, width, channels] = image.shape;
  const fits = height === expected[0] && width === expected[1];
  if (fits && channels === expected[2]) return image.values;
  if (fits && channels === 1 && expected[2] === 3) {
    const values = new Uint8Array(image.values.length * 3);
    for (let index = 0; index < values.length; index++) values[index] = image.values[Math.floor(index / 3)]!;
    return values;
  }
  throw complain({
    file,
    path,
    found: `an image of ${image.shape.join('x')}`,
    expected: `${expected.join('x')} (height, width, channels) like the others`,
  });
}

function checkShape(file: string, shape: Shape | undefined, { shape: found }: ImageSet): void {
  if (shape !== undefined && shape.join('x') !== found.join('x'))
    throw complain({ file, found: `images of ${found.join('x')}`, expected: shape.join('x') });
}

/** Names, sizes and times of change of all files of a folder. */
function stateOf(root: string, { files }: ImageListing): string {
  const lines = files.map(({ path }) => {
    const status = statSync(resolve(root, path), { throwIfNoEntry: false });
    return `${path} ${status?.size} ${status?.mtimeMs}`;
  });
  return sha256(lines.sort(byText).join('\n'));
}

function nameOf(path: string): string {
  return basename(resolve(path)).replace(/(\.tar|\.tgz|\.tar\.gz)$/i, '');
}
