/** One image's file, before it is read. */
export interface ImageFile {
  readonly split: 'train' | 'test';
  readonly className: string;
  /** Path inside the folder or archive, with slashes: `train/cat/0001.jpg`. */
  readonly path: string;
  /** The file's bytes; @throws NonnError where they cannot be read. */
  read(): Uint8Array;
}

/** What a folder or archive of images holds. */
export interface ImageListing {
  readonly files: readonly ImageFile[];
  /** Class folders that are there, with or without images: `train/cat`. */
  readonly folders: readonly string[];
}

/** A file of an image is no larger than this; more is a mistake or an attack. */
export const LARGEST_IMAGE_BYTES = 16 * 2 ** 20;

/** What a path in a folder or archive stands for: an image, a class folder, or nothing of interest (null). */
export type Place =
  | { readonly kind: 'image'; readonly split: 'train' | 'test'; readonly className: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'misplaced' }
  | null;

/** @param steps the path inside the folder or archive, split at its slashes. */
export function placeOf(steps: readonly string[], isFolder: boolean): Place {
  const [split, className, file] = steps;
  if ((split !== 'train' && split !== 'test') || steps.some((step) => step.startsWith('.'))) return null;
  const isImage = !isFolder && /\.(jpe?g|png)$/i.test(steps.at(-1)!);
  if (!isImage) {
    // An archive may name a folder only in the names of its files.
    const isClass = className !== undefined && (isFolder || file !== undefined);
    return isClass ? { kind: 'folder', path: `${split}/${className}` } : null;
  }
  if (steps.length !== 3 || className === undefined) return { kind: 'misplaced' };
  return { kind: 'image', split, className };
}

/** Ascending by UTF-16 code units: the same on any machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
