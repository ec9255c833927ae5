import { complain } from '../../foundation/index.js';
import type { Shape } from '../../network/index.js';
import { checkClassFolders } from './class-folders.js';
import { type DecodedImage, decodeImage } from './decode-image.js';
import { byText, type ImageFile, type ImageListing } from './image-file.js';
import type { ImageSet } from './image-set.js';

/** Both parts of a folder of images, decoded. */
export interface DecodedParts {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

export interface DecodeOptions {
  /** `[height, width, channels]` that every image must have; default: the first image's. */
  readonly shape?: Shape | undefined;
  /** Most images of each class in each of the two parts, the first by name; default all. */
  readonly limit?: number | undefined;
  /** Told now and then how many images are decoded. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Milliseconds of decoding between two turns of the event loop. */
const TURN = 40;
/** Decoded bytes of all images together. */
const LARGEST_DECODED_BYTES = 2 ** 31;

/**
 * Decodes the images of a folder or archive, by class and name. Where one is coloured, grey ones become coloured too.
 * @param source names the folder or archive in errors.
 * @throws NonnError where the classes are not as they must be, or an image is broken or of another size.
 */
export async function decodeParts(
  source: string,
  listing: ImageListing,
  { limit, shape, onProgress = () => {} }: DecodeOptions,
): Promise<DecodedParts> {
  const classes = checkClassFolders(source, listing);
  const train = wanted(listing.files, 'train', classes, limit);
  const test = wanted(listing.files, 'test', classes, limit);
  const total = train.length + test.length;
  const tried = shape ?? decodeImage(train[0]!.read(), source, train[0]!.path).shape;

  const decodeAs = async (expected: Shape): Promise<DecodedParts | null> => {
    checkTotal(source, expected, total);
    const turn = turns((done) => onProgress(done, total));
    const trained = await decodePart(source, train, classes, expected, turn);
    const tested = trained && (await decodePart(source, test, classes, expected, turn));
    return tested && { train: trained!, test: tested };
  };
  const [height, width, channels] = tried as readonly [number, number, number];
  const parts = await decodeAs(tried);
  onProgress(total, total);
  if (parts !== null) return parts;
  if (shape === undefined) return (await decodeAs([height, width, 3]))!;
  throw complain({ file: source, found: 'coloured images', expected: `${channels} channel` });
}

/** Files of one part by class and name. */
function wanted(
  files: readonly ImageFile[],
  split: ImageFile['split'],
  classes: readonly string[],
  limit = Number.POSITIVE_INFINITY,
): ImageFile[] {
  const byClass = new Map(classes.map((name) => [name, [] as ImageFile[]]));
  for (const file of files) if (file.split === split) byClass.get(file.className)!.push(file);
  return [...byClass.values()].flatMap((own) => own.sort((a, b) => byText(a.path, b.path)).slice(0, limit));
}

/** @returns null where an image is coloured and only grey was expected. */
async function decodePart(
  source: string,
  files: readonly ImageFile[],
  classes: readonly string[],
  shape: Shape,
  turn: () => Promise<void> | null,
): Promise<ImageSet | null> {
  const size = sizeOf(shape);
  const images = new Uint8Array(files.length * size);
  for (const [index, file] of files.entries()) {
    const image = decodeImage(file.read(), source, file.path);
    if (image.shape[2] === 3 && shape[2] === 1) return null;
    images.set(valuesAs(shape, image, source, file.path), index * size);
    const pause = turn();
    if (pause !== null) await pause;
  }
  const labels = Uint8Array.from(files, (file) => classes.indexOf(file.className));
  return { classes, shape, images, labels };
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
    found: `an image of ${height}x${width}`,
    expected: `${expected[0]}x${expected[1]} (height, width) like the others`,
  });
}

/** Counts images, and now and then gives the event loop a turn and says how many are done. */
function turns(tell: (done: number) => void): () => Promise<void> | null {
  let done = 0;
  let last = performance.now();
  return () => {
    done++;
    if (performance.now() - last < TURN) return null;
    tell(done);
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now();
        resolve();
      }),
    );
  };
}

function checkTotal(file: string, shape: Shape, total: number): void {
  if (sizeOf(shape) * total > LARGEST_DECODED_BYTES)
    throw complain({
      file,
      found: `${total} images of ${shape.join('x')}`,
      expected: `at most ${LARGEST_DECODED_BYTES} bytes decoded`,
    });
}

function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
