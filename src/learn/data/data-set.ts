import { statSync } from 'node:fs';
import { complain } from '../../foundation/index.js';
import { cifarBinary } from './cifar-binary.js';
import type { DecodedParts } from './decode-parts.js';
import { idxFiles } from './idx.js';
import { checkLimit, readImageFolder } from './image-folder.js';
import type { DataSet, ImageSet } from './image-set.js';
import { mnist } from './mnist.js';
import { checkShare, subset, withValidation } from './split.js';

export interface DataSetOptions {
  /** Where it lies: a folder or an archive; left out, the set must be "mnist". */
  readonly path?: string | undefined;
  /** Share of each class of the training images that is held out; default none. */
  readonly validation?: number | undefined;
  /** Seed of that draw; default 1. */
  readonly seed?: number | undefined;
  /** Most images of each class in each of the two parts, the first; default all. */
  readonly limit?: number | undefined;
  /** Told now and then how many images are decoded, where they must be. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * The data set of a name: "mnist" comes with nonn, any other lies at a path, as images in class folders (or an archive
 * of them), as CIFAR's binary batches, or as IDX files.
 * @throws NonnError in one sentence for whatever is wrong with it.
 */
export async function readDataSet(name: string, options: DataSetOptions = {}): Promise<DataSet> {
  const { path, validation = 0, seed = 1, limit } = options;
  checkShare(validation);
  checkLimit(limit);
  if (path === undefined) {
    if (name === 'mnist') return withValidation(name, limited(mnist(), limit), validation, seed);
    throw complain({
      path: 'data.set',
      found: `"${name}" without a place`,
      expected: '"mnist", or a folder or archive where its images lie',
    });
  }
  const binary = isFolder(path) ? (cifarBinary(path) ?? idxFiles(path)) : null;
  if (binary === null) return await readImageFolder(path, { ...options, name });
  const parts = binary();
  checkEachClass(path, 'training', parts.train);
  checkEachClass(path, 'testing', parts.test);
  return withValidation(name, limited(parts, limit), validation, seed);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Whoever reads it says what is wrong.
    return false;
  }
}

/** The first images of each class, in their order. */
function limited({ train, test }: DecodedParts, limit: number | undefined): DecodedParts {
  if (limit === undefined) return { train, test };
  const first = (set: ImageSet) => {
    const taken = new Uint32Array(set.classes.length);
    const indexes: number[] = [];
    set.labels.forEach((label, index) => {
      if (taken[label]! < limit) indexes.push(index);
      taken[label]!++;
    });
    return subset(set, indexes);
  };
  return { train: first(train), test: first(test) };
}

function checkEachClass(file: string, part: string, { classes, labels }: ImageSet): void {
  const seen = new Set(labels);
  const missing = classes.findIndex((_, label) => !seen.has(label));
  if (missing !== -1)
    throw complain({
      file,
      found: `no image of the class "${classes[missing]}" for ${part}`,
      expected: 'at least one of each class',
    });
}
