import type { Shape } from '../../network/index.js';

/** Labelled images of one size, as they are kept: one byte a value. */
export interface ImageSet {
  /** Names of the classes, in the order of their labels. */
  readonly classes: readonly string[];
  /** `[height, width, channels]` of each image. */
  readonly shape: Shape;
  /** `[count, height, width, channels]`, 0 to 255. */
  readonly images: Uint8Array;
  /** `[count]`, the index of each image's class. */
  readonly labels: Uint8Array;
}

/** A data set with a split that never changes. */
export interface DataSet {
  readonly name: string;
  readonly train: ImageSet;
  /** Held out of training, for early stopping and for filter activities; null where none was asked for. */
  readonly validation: ImageSet | null;
  readonly test: ImageSet;
}

/** Images of a set. */
export function countOf(set: ImageSet): number {
  return set.labels.length;
}
