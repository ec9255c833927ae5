import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { complain, NonnError, show } from '../../foundation/index.js';
import { type ImageListing, LARGEST_IMAGE_BYTES, type Place, placeOf } from './image-file.js';
import { misplaced } from './list-folder.js';

/** Compressed images that are held in memory at once. */
const LARGEST_TOTAL_BYTES = 2 ** 31;
/** What an archive may unpack to: a few bytes of gzip can stand for gigabytes of nothing. */
const LARGEST_UNPACKED_BYTES = 2 ** 34;

/**
 * The images of a .tar, .tar.gz or .tgz archive, as `train/<class>/*` and `test/<class>/*`, at its top or inside one
 * folder. The archive is streamed; nothing is unpacked on disk.
 * @throws NonnError where it is no archive, ends too early, or has names that lead outside of it.
 */
export async function listArchive(archive: string): Promise<ImageListing> {
  const held = new Map<string, Uint8Array>();
  const folders = new Set<string>();
  const tar = extract();
  let total = 0;

  const collect = async () => {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      const steps = stepsOf(archive, name);
      const isFolder = type === 'directory' || (type === 'file' && name.endsWith('/'));
      const inside = insideOf(steps);
      const place: Place = placeOf(inside, isFolder);
      const path = inside.join('/');
      if (place?.kind === 'folder') folders.add(place.path);
      if (place?.kind === 'misplaced') throw misplaced(archive, path);
      if (place?.kind === 'image') {
        checkEntry(archive, path, type, size);
        total += size;
        if (total > LARGEST_TOTAL_BYTES)
          throw complain({
            file: archive,
            found: 'more images',
            expected: `at most ${LARGEST_TOTAL_BYTES} bytes of them (a folder has no such limit)`,
          });
        const chunks: Buffer[] = [];
        for await (const chunk of entry) chunks.push(chunk as Buffer);
        // A later entry of the same name replaces the earlier, as it does on unpacking.
        held.set(path, Buffer.concat(chunks));
      } else entry.resume();
    }
  };

  let unpacked = 0;
  const counted = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      unpacked += chunk.length;
      if (unpacked > LARGEST_UNPACKED_BYTES)
        throw complain({
          file: archive,
          found: 'a larger archive',
          expected: `one that unpacks to at most ${LARGEST_UNPACKED_BYTES} bytes`,
        });
      yield chunk;
    }
  };

  try {
    const source = createReadStream(archive);
    const fed = isGzip(archive)
      ? pipeline(source, createGunzip(), counted, tar)
      : pipeline(source, counted, tar);
    await Promise.all([fed, collect()]);
  } catch (error) {
    throw error instanceof NonnError ? error : broken(archive, error as NodeJS.ErrnoException);
  }
  const files = [...held].map(([path, bytes]) => {
    const [split, className] = path.split('/') as ['train' | 'test', string];
    return { split, className, path, read: () => bytes };
  });
  return { files, folders: [...folders] };
}

function stepsOf(archive: string, name: string): string[] {
  const steps = name.normalize('NFC').replaceAll('\\', '/').split('/');
  if (steps[0] === '' || steps.includes('..') || /^[a-z]:$/i.test(steps[0]!))
    throw complain({
      file: archive,
      found: `the name ${show(name)}`,
      expected: 'names that stay inside the archive',
    });
  return steps.filter((step) => step !== '' && step !== '.');
}

/** `cifar10/train/cat/1.jpg` is read like `train/cat/1.jpg`. */
function insideOf(steps: string[]): string[] {
  const isSplit = (step: string | undefined) => step === 'train' || step === 'test';
  return !isSplit(steps[0]) && isSplit(steps[1]) ? steps.slice(1) : steps;
}

function checkEntry(archive: string, path: string, type: Header['type'], size: number): void {
  if (type !== 'file' && type !== 'contiguous-file')
    throw complain({ file: archive, found: `"${path}" as a ${type}`, expected: 'a file' });
  if (size > LARGEST_IMAGE_BYTES)
    throw complain({
      file: archive,
      found: `"${path}" of ${size} bytes`,
      expected: `an image of at most ${LARGEST_IMAGE_BYTES} bytes`,
    });
}

function isGzip(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(2);
    return readSync(descriptor, head) === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(descriptor);
  }
}

function broken(archive: string, error: NodeJS.ErrnoException): NonnError {
  const { code = '', message } = error;
  const found = /^E[A-Z]+$/.test(code)
    ? `an unreadable file (${code})`
    : code === 'Z_BUF_ERROR' || /unexpected end/i.test(message)
      ? 'an archive that ends too early'
      : `no archive that can be read (${message})`;
  return complain({ file: archive, found, expected: 'a whole .tar, .tar.gz or .tgz archive of images' });
}
