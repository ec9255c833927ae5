import { complain, randomStream } from '../../foundation/index.js';
import { countOf, type DataSet, type ImageSet } from './image-set.js';

/** The images at some indexes, in their order, as a set of their own. */
export function subset(set: ImageSet, indexes: ArrayLike<number>): ImageSet {
  const size = set.images.length / countOf(set);
  const images = new Uint8Array(indexes.length * size);
  const labels = new Uint8Array(indexes.length);
  for (let to = 0; to < indexes.length; to++) {
    const from = indexes[to]!;
    images.set(set.images.subarray(from * size, (from + 1) * size), to * size);
    labels[to] = set.labels[from]!;
  }
  return { classes: set.classes, shape: set.shape, images, labels };
}

/**
 * Takes the same share of each class out of a set, by a seeded draw: the rest stays in its order.
 * @param share between 0 and 1, excluded; of each class at least one image goes to each side.
 * @throws NonnError if the share is none, or a class has fewer than two images.
 */
export function splitStratified(
  set: ImageSet,
  share: number,
  seed: number,
): { readonly kept: ImageSet; readonly taken: ImageSet } {
  if (share === 0) throw complain({ path: 'validation', found: '0', expected: 'a share above 0' });
  checkShare(share);
  const isTaken = new Uint8Array(countOf(set));
  set.classes.forEach((name, label) => {
    const members = indexesWhere(set.labels, (found) => found === label);
    if (members.length < 2)
      throw complain({
        path: 'validation',
        found: `${members.length === 0 ? 'no image' : 'one image'} of the class "${name}"`,
        expected: 'at least two, to hold one out',
      });
    const count = Math.min(members.length - 1, Math.max(1, Math.round(share * members.length)));
    const stream = randomStream(seed, `validation/${name}`);
    // The first `count` of a Fisher-Yates shuffle.
    for (let at = 0; at < count; at++) {
      const other = at + stream.integer(members.length - at);
      [members[at], members[other]] = [members[other]!, members[at]!];
      isTaken[members[at]!] = 1;
    }
  });
  return {
    kept: subset(
      set,
      indexesWhere(isTaken, (flag) => flag === 0),
    ),
    taken: subset(
      set,
      indexesWhere(isTaken, (flag) => flag === 1),
    ),
  };
}

/** A data set of two parts, with a share of the first held out for validation; a share of 0 holds none out. */
export function withValidation(
  name: string,
  { train, test }: { readonly train: ImageSet; readonly test: ImageSet },
  share: number,
  seed: number,
): DataSet {
  if (share === 0) return { name, train, validation: null, test };
  const { kept, taken } = splitStratified(train, share, seed);
  return { name, train: kept, validation: taken, test };
}

/** @throws NonnError unless a share of images can be held out of the others; 0 holds none out. */
export function checkShare(share: number): void {
  if (!(share >= 0 && share < 1))
    throw complain({
      path: 'validation',
      found: String(share),
      expected: 'a share from 0 up to, not including, 1',
    });
}

function indexesWhere(values: Uint8Array, holds: (value: number) => boolean): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < values.length; index++) if (holds(values[index]!)) indexes.push(index);
  return indexes;
}
