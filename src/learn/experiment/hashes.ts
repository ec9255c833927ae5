import { hashData, sha256 } from '../../foundation/index.js';
import type { DataSet } from '../data/index.js';

const known = new WeakMap<DataSet, string>();

/** Hash of the images and labels of a data set, and of how it is split. */
export function dataHash(data: DataSet): string {
  const found =
    known.get(data) ??
    hashData(
      [data.train, data.validation, data.test].map(
        (set) => set && { classes: set.classes, images: sha256(set.images), labels: sha256(set.labels) },
      ),
    );
  known.set(data, found);
  return found;
}
