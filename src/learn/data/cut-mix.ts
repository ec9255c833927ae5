import type { RandomStream } from '../../foundation/index.js';

/**
 * Swaps a rectangle between the images of each pair, the first and the last of a batch being one, the second and the last
 * but one the next: CutMix (Yun et al. 2019) with their uniform share, so that both images of a pair teach both classes.
 * A pair takes four draws, whether it swaps or not.
 * @param target `[batch, height, width, channels]`, changed in place.
 * @param probability that a pair swaps.
 * @returns share of each image's pixels that are its partner's, `[batch]`; zero for the middle of an odd batch.
 */
export function swapRectangles(
  target: Float32Array,
  [batch, height, width, channels]: readonly [number, number, number, number],
  probability: number,
  random: RandomStream,
): Float32Array {
  const shares = new Float32Array(batch);
  const size = height * width * channels;
  for (let first = 0; first < Math.floor(batch / 2); first++) {
    const last = batch - 1 - first;
    const swaps = random.uniform() < probability;
    // Sides as the image's, so that the rectangle has the drawn share of its area.
    const side = Math.sqrt(random.uniform());
    const [top, bottom] = stretch(random.integer(height), height, side);
    const [left, right] = stretch(random.integer(width), width, side);
    if (!swaps) continue;
    for (let y = top; y < bottom; y++)
      for (let at = (y * width + left) * channels; at < (y * width + right) * channels; at++) {
        const kept = target[first * size + at]!;
        target[first * size + at] = target[last * size + at]!;
        target[last * size + at] = kept;
      }
    shares[first] = ((bottom - top) * (right - left)) / (height * width);
    shares[last] = shares[first]!;
  }
  return shares;
}

/** First pixel and the one after the last of a stretch around a pixel, a share of the extent long; its ends are cut off. */
function stretch(middle: number, extent: number, share: number): readonly [number, number] {
  const length = Math.round(extent * share);
  const from = middle - Math.floor(length / 2);
  return [Math.max(0, from), Math.min(extent, from + length)];
}
