import type { Dilated, Shape, Window } from '../../src/network/index.js';
import { neededByWindow } from '../../src/network/layers/window.js';

/** A map of numbers, row by row, pixel by pixel, channel by channel. */
export interface FeatureMap {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Pixels of the input under a window, each with its place in the window. */
export type Taps = readonly { readonly pixel: number; readonly tap: number }[];

/** A map each of whose elements is made of what lies under a window. */
export function windowed(
  window: Window & Dilated,
  { shape: input }: FeatureMap,
  output: Shape,
  value: (window: Taps, channel: number) => number,
): Float64Array {
  const [down, across] = window.dilation ?? [1, 1];
  return mapPixels(output, (row, column) => {
    const { region, pad } = neededByWindow(
      window,
      { rows: [row, row + 1], columns: [column, column + 1] },
      input,
    );
    const taps: { pixel: number; tap: number }[] = [];
    for (let dy = 0; dy < window.kernel[0]; dy++)
      for (let dx = 0; dx < window.kernel[1]; dx++) {
        const y = region.rows[0] - pad.top + dy * down;
        const x = region.columns[0] - pad.left + dx * across;
        if (y >= 0 && y < input[0] && x >= 0 && x < input[1])
          taps.push({ pixel: y * input[1] + x, tap: dy * window.kernel[1] + dx });
      }
    return Array.from({ length: output[2] }, (_, channel) => value(taps, channel));
  });
}

/** A map made pixel by pixel. */
export function mapPixels(
  [height, width, channels]: Shape,
  pixel: (row: number, column: number) => readonly number[],
): Float64Array {
  const values = new Float64Array(height * width * channels);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      values.set(pixel(row, column), (row * width + column) * channels);
  return values;
}

/** A map made element by element. */
export function mapElements(
  shape: Shape,
  element: (row: number, column: number, channel: number) => number,
): Float64Array {
  return mapPixels(shape, (row, column) =>
    Array.from({ length: shape[2] }, (_, channel) => element(row, column, channel)),
  );
}

export function pixelOf({ shape, values }: FeatureMap, row: number, column: number): number[] {
  const from = (row * shape[1] + column) * shape[2];
  return [...values.subarray(from, from + shape[2])];
}

export function valueAt({ shape, values }: FeatureMap, row: number, column: number, channel: number): number {
  return values[(row * shape[1] + column) * shape[2] + channel]!;
}

/** The pixel at a place between pixels; beyond the border stands the border. */
export function between(
  x: FeatureMap,
  row: number,
  column: number,
  interpolation: 'nearest' | 'bilinear',
  coordinates = 'halfPixel',
): number[] {
  const near = (y: number, z: number) =>
    pixelOf(x, Math.min(Math.max(y, 0), x.shape[0] - 1), Math.min(Math.max(z, 0), x.shape[1] - 1));
  if (interpolation === 'nearest') {
    // With centres at half the nearest pixel is that in which the centre lies.
    const shift = coordinates === 'asymmetric' ? 1e-9 : 0.5 + 1e-9;
    return near(Math.floor(row + shift), Math.floor(column + shift));
  }
  const [y, z] = [Math.floor(row), Math.floor(column)];
  const [v, u] = [row - y, column - z];
  const [a, b, c, d] = [near(y, z), near(y, z + 1), near(y + 1, z), near(y + 1, z + 1)];
  return a.map((value, i) => (value * (1 - u) + b[i]! * u) * (1 - v) + (c[i]! * (1 - u) + d[i]! * u) * v);
}
