import { type Stats, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { complain, sha256 } from '../../foundation/index.js';
import { type DecodeOptions, decodeParts } from './decode-parts.js';
import { cacheFile, readCache, writeCache } from './decoded-cache.js';
import { byText, type ImageListing } from './image-file.js';
import type { DataSet } from './image-set.js';
import { listArchive } from './list-archive.js';
import { listFolder } from './list-folder.js';
import { checkShare, withValidation } from './split.js';

export interface ImageFolderOptions extends DecodeOptions {
  /** Name of the data set; default: the folder's or archive's, without its ending. */
  readonly name?: string | undefined;
  /** Share of each class of the training images that is held out; default none. */
  readonly validation?: number | undefined;
  /** Seed of that draw; default 1. */
  readonly seed?: number | undefined;
  /** Whether decoded images are kept for the next start; default true. */
  readonly cache?: boolean | undefined;
}

/**
 * Reads JPEG and PNG images from `train/<class>/*` and `test/<class>/*` of a folder or of a .tar, .tar.gz or .tgz
 * archive. Classes and files are sorted by name, so the order is the same on any machine. Decoded images are kept in
 * the cache folder.
 * @throws NonnError in one sentence for anything that is wrong with the folder, the archive or an image.
 */
export async function readImageFolder(path: string, options: ImageFolderOptions = {}): Promise<DataSet> {
  const { name = nameOf(path), validation = 0, seed = 1, limit, shape, cache = true } = options;
  checkLimit(limit);
  checkShare(validation);
  const status = statusOf(path);
  const folder = status.isDirectory() ? listFolder(path) : null;
  const state = folder === null ? `${status.size} ${status.mtimeMs}` : stateOf(path, folder);
  const kept = cacheFile(path, limit);
  let parts = cache ? readCache(kept, state) : null;
  if (parts === null || (shape !== undefined && shape.join() !== parts.train.shape.join())) {
    parts = await decodeParts(path, folder ?? (await listArchive(path)), options);
    if (cache) writeCache(kept, state, parts);
  }
  return withValidation(name, parts, validation, seed);
}

/** @throws NonnError unless a class may have so many images. */
export function checkLimit(limit: number | undefined): void {
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    throw complain({ path: 'limit', found: String(limit), expected: 'a whole number of images above 0' });
}

function statusOf(path: string): Stats {
  let found: string;
  try {
    const status = statSync(path);
    if (status.isDirectory() || status.isFile()) return status;
    found = 'neither file nor folder';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    found = code === 'ENOENT' || code === 'ENOTDIR' ? 'no such file' : `an unreadable file (${code})`;
  }
  throw complain({ file: path, found, expected: 'a folder or archive of images' });
}

/** Names, sizes and times of change of all images of a folder, and its class folders. */
function stateOf(root: string, { files, folders }: ImageListing): string {
  const lines = files.map(({ path }) => {
    const status = statSync(resolve(root, path), { throwIfNoEntry: false });
    return `${path} ${status?.size} ${status?.mtimeMs}`;
  });
  return sha256([...folders, ...lines].sort(byText).join('\n'));
}

function nameOf(path: string): string {
  return basename(resolve(path)).replace(/(\.tar|\.tgz|\.tar\.gz)$/i, '');
}
