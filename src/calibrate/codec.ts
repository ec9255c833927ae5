import { linearRegression, median } from 'simple-statistics';
import { least, prepareCodec, timeInterleaved } from '../runtime/index.js';

/** seconds = bytes / bandwidth + overhead */
export interface CodecFit {
  readonly bandwidth: number;
  readonly overhead: number;
  /** How far the line is from what was measured at the most, as a fraction of it. */
  readonly spread: number;
  readonly samples: number;
}

/** From a few features of a student to the input of a detector. */
const sizes = [200, 1_000, 4_000, 16_000, 64_000, 250_000, 1_000_000, 4_000_000];

/** Measures encoding and decoding of frames of many sizes. */
export function measureCodec(kind: 'encode' | 'decode', seconds: number): CodecFit {
  const runs = sizes.map((bytes) => prepareCodec(kind, bytes));
  const times = timeInterleaved(runs, { most: 50, least: 3, seconds }).map(least);
  for (const run of runs) run.dispose();
  // Lines through neighbouring sizes; the large ones give the slope, the small ones what does not depend on size.
  const large = sizes.flatMap((bytes, index) => (bytes >= 250_000 ? [[bytes, times[index]!]] : []));
  const slope = Math.max(linearRegression(large).m, 1e-13);
  const overhead = Math.max(
    0,
    median(sizes.flatMap((bytes, index) => (bytes <= 16_000 ? [times[index]! - bytes * slope] : []))),
  );
  const errors = sizes.map((bytes, index) => Math.abs((bytes * slope + overhead) / times[index]! - 1));
  return {
    bandwidth: 1 / slope,
    overhead,
    spread: errors.reduce((a, b) => Math.max(a, b)),
    samples: sizes.length,
  };
}
