import type { RandomStream } from '../../foundation/index.js';
import { countOf, type ImageSet } from './image-set.js';

/** How the images of a batch are varied while a network learns. */
export interface Augmentation {
  /** Three draws an image are taken from it, whatever is switched on, then two an image for cutout. */
  readonly random: RandomStream;
  /** Mirrors every second image, on average, from left to right. */
  readonly flip: boolean;
  /** Shifts by up to so many whole pixels up or down and left or right, each shift as likely. */
  readonly shift: number;
  /** What a shift brings in: zeros (the default), or the image mirrored at its edge pixel. */
  readonly fill?: 'zero' | 'reflect' | undefined;
  /**
   * Side, in pixels, of a square that is greyed out around a pixel of each image, any pixel as likely (DeVries and Taylor
   * 2017); what of the square lies outside the image is lost. 0, the default, for none.
   */
  readonly cutout?: number | undefined;
}

/** One image's part in an augmentation. */
export interface Move {
  readonly flip: boolean;
  /** Pixels that the window moves down and right over the image (after the flip). */
  readonly down: number;
  readonly right: number;
}

/** Between black and white, so that a square that is cut out stands near the mean of natural images. */
const GREY = 0.5;
const STILL: Move = { flip: false, down: 0, right: 0 };
const SHARES = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * Writes images as numbers in [0, 1], in the order of the indexes.
 * @param target `[indexes.length, height, width, channels]`, written whole.
 * @param augmentation how to vary them; left out, they are as they are.
 * @throws RangeError where the target has another length, an index is not in the set, or a shift or a square to
 * cut out is no whole number, or a shift too large to be filled by reflection.
 */
export function fillBatch(
  target: Float32Array,
  set: ImageSet,
  indexes: ArrayLike<number>,
  augmentation?: Augmentation,
): void {
  const [height, width, channels] = set.shape;
  const size = height * width * channels;
  if (target.length !== indexes.length * size)
    throw new RangeError(`found a batch of ${target.length} values, expected ${indexes.length * size}`);
  const { shift = 0, fill = 'zero', cutout = 0 } = augmentation ?? {};
  if (!Number.isInteger(shift) || shift < 0 || (fill === 'reflect' && shift >= Math.min(height, width)))
    throw new RangeError(`found a shift of ${shift} pixels, expected whole pixels inside ${height}x${width}`);
  if (!Number.isInteger(cutout) || cutout < 0)
    throw new RangeError(`found a square of ${cutout} pixels to cut out, expected whole pixels`);
  for (let at = 0; at < indexes.length; at++) {
    const index = indexes[at]!;
    if (!(index >= 0 && index < countOf(set)))
      throw new RangeError(`found image ${index}, expected one of ${countOf(set)}`);
    const move = augmentation === undefined ? STILL : drawn(augmentation);
    writeMoved(target.subarray(at * size, (at + 1) * size), set, index, move, fill);
  }
  if (augmentation === undefined || cutout === 0) return;
  // After all moves, so that these are the same with and without cutout.
  for (let at = 0; at < indexes.length; at++) {
    const row = augmentation.random.integer(height);
    const column = augmentation.random.integer(width);
    cutOut(target.subarray(at * size, (at + 1) * size), set.shape, row, column, cutout);
  }
}

/** Greys out a square around a pixel of one image `[height, width, channels]`. */
function cutOut(
  image: Float32Array,
  [height, width, channels]: ImageSet['shape'],
  row: number,
  column: number,
  side: number,
): void {
  const [top, left] = [row - Math.floor(side / 2), column - Math.floor(side / 2)];
  const [from, to] = [Math.max(0, left) * channels, Math.min(width, left + side) * channels];
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++)
    image.fill(GREY, y * width * channels + from, y * width * channels + to);
}

/** The order in which an epoch sees the images: all orders are as likely (Fisher and Yates). */
export function shuffled(count: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let at = count - 1; at > 0; at--) {
    const other = random.integer(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

function drawn({ random, flip, shift }: Augmentation): Move {
  const flips = random.integer(2) === 1;
  const down = random.integer(2 * shift + 1) - shift;
  const right = random.integer(2 * shift + 1) - shift;
  return { flip: flip && flips, down, right };
}

/** Writes one image of a set, moved, as numbers in [0, 1]. */
export function writeMoved(
  target: Float32Array,
  set: ImageSet,
  index: number,
  { flip, down, right }: Move,
  fill: 'zero' | 'reflect',
): void {
  const [height, width, channels] = set.shape;
  const image = set.images.subarray(index * target.length, (index + 1) * target.length);
  if (!flip && down === 0 && right === 0) {
    for (let at = 0; at < image.length; at++) target[at] = SHARES[image[at]!]!;
    return;
  }
  const columns = new Int32Array(width);
  for (let x = 0; x < width; x++) {
    const column = inside(x + right, width, fill);
    columns[x] = column < 0 ? -1 : (flip ? width - 1 - column : column) * channels;
  }
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = inside(y + down, height, fill);
    const from = row * width * channels;
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      if (row < 0 || column < 0) for (let channel = 0; channel < channels; channel++) target[to++] = 0;
      else
        for (let channel = 0; channel < channels; channel++)
          target[to++] = SHARES[image[from + column + channel]!]!;
    }
  }
}

/** The place that a place outside stands for: none (-1), or its mirror image at the edge pixel. */
function inside(place: number, extent: number, fill: 'zero' | 'reflect'): number {
  if (place >= 0 && place < extent) return place;
  if (fill === 'zero') return -1;
  return place < 0 ? -place : 2 * (extent - 1) - place;
}
