import { randomStream } from '../../foundation/index.js';

/** How much more often one network is right than another, on the same images. */
export interface PairedDifference {
  /** Share of right images of the first, less that of the second. */
  readonly difference: number;
  /** Bounds of the interval that 95 % of the resampled differences lie in. */
  readonly low: number;
  readonly high: number;
  readonly images: number;
  readonly resamples: number;
}

/** Resamples that an interval of 95 % is usually made of. */
export const RESAMPLES = 10_000;

/**
 * The difference of two networks' accuracies with its percentile interval from a paired bootstrap: images are drawn with
 * replacement, and each draw counts what both networks made of the image (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13; Koehn, Statistical significance tests, EMNLP 2004, for the pairing).
 *
 * @param a, b `[images]`, 1 where an image is right; with several seeds, the share of seeds under which it is.
 * @throws RangeError for lists of different lengths, or empty ones.
 */
export function pairedBootstrap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { resamples = RESAMPLES, seed = 1 }: { readonly resamples?: number; readonly seed?: number } = {},
): PairedDifference {
  const images = a.length;
  if (images === 0 || images !== b.length)
    throw new RangeError(`found ${images} and ${b.length} images, expected the same ones`);
  const differences = Float64Array.from({ length: images }, (_, image) => a[image]! - b[image]!);
  const { integer } = randomStream(seed, `bootstrap/${images}`);
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let draw = 0; draw < images; draw++) sum += differences[integer(images)]!;
    means[sample] = sum / images;
  }
  means.sort();
  return {
    difference: differences.reduce((sum, value) => sum + value, 0) / images,
    low: means[Math.floor(0.025 * (resamples - 1))]!,
    high: means[Math.ceil(0.975 * (resamples - 1))]!,
    images,
    resamples,
  };
}
