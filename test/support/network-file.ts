import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.js';

/** Writes files into a new folder, which is removed after the tests of a file. @returns the path of the first one. */
export function written(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder('import');
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return join(folder, Object.keys(files)[0]!);
}

/** Numbers `[channels, height, width]` as `[height, width, channels]`. */
export function channelsLast(
  numbers: Float32Array,
  [channels, height, width]: readonly number[],
): Float32Array {
  const pixels = height! * width!;
  return Float32Array.from(
    numbers,
    (_, index) => numbers[(index % channels!) * pixels + Math.floor(index / channels!)]!,
  );
}

/** max |a - b| / max |b|. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const most = (of: (index: number) => number) =>
    Array.from({ length: b.length }, (_, index) => of(index)).reduce((x, y) => Math.max(x, y), 0);
  return most((index) => Math.abs(a[index]! - b[index]!)) / most((index) => Math.abs(b[index]!));
}
