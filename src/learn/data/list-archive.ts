import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createTarDecoder, type TarHeader } from 'modern-tar';
import { complain, NonnError, show } from '../../foundation/index.js';
import { type ImageListing, LARGEST_IMAGE_BYTES, placeOf } from './image-file.js';
import { misplaced } from './list-folder.js';

const CHUNK_BYTES = 2 ** 18;
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
  const opened: Readable[] = [];
  let total = 0;
  try {
    const entries = Readable.toWeb(Readable.from(unpackedBytes(archive, opened), { objectMode: true }));
    for await (const { header, body } of entries.pipeThrough(createTarDecoder({ strict: true }))) {
      const path = insideOf(stepsOf(archive, header.name)).join('/');
      const place = placeOf(path.split('/'), header.type === 'directory');
      if (place?.kind === 'folder') folders.add(place.path);
      if (place?.kind === 'misplaced') throw misplaced(archive, path);
      if (place?.kind !== 'image') {
        await body.cancel();
        continue;
      }
      total += header.size;
      checkEntry(archive, path, header, total);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      // A later entry of the same name replaces the earlier, as it does on unpacking.
      held.set(path, Buffer.concat(chunks));
    }
  } catch (error) {
    throw error instanceof NonnError ? error : broken(archive, error as NodeJS.ErrnoException);
  } finally {
    for (const stream of opened) stream.destroy();
  }
  const files = [...held].map(([path, bytes]) => {
    const [split, className] = path.split('/') as ['train' | 'test', string];
    return { split, className, path, read: () => bytes };
  });
  return { files, folders: [...folders] };
}

async function* unpackedBytes(archive: string, opened: Readable[]): AsyncGenerator<Uint8Array> {
  const file = createReadStream(archive, { highWaterMark: CHUNK_BYTES });
  opened.push(file);
  let source: Readable = file;
  if (isGzip(archive)) {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    file.on('error', (error) => gunzip.destroy(error));
    source = file.pipe(gunzip);
    opened.push(gunzip);
  }
  let unpacked = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    unpacked += chunk.length;
    if (unpacked > LARGEST_UNPACKED_BYTES)
      throw complain({
        file: archive,
        found: 'a larger archive',
        expected: `one that unpacks to at most ${LARGEST_UNPACKED_BYTES} bytes`,
      });
    yield chunk;
  }
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

function checkEntry(archive: string, path: string, { type, size }: TarHeader, total: number): void {
  if (type !== 'file')
    throw complain({ file: archive, found: `"${path}" as a ${type ?? 'thing'}`, expected: 'a file' });
  if (size > LARGEST_IMAGE_BYTES)
    throw complain({
      file: archive,
      found: `"${path}" of ${size} bytes`,
      expected: `an image of at most ${LARGEST_IMAGE_BYTES} bytes`,
    });
  if (total > LARGEST_TOTAL_BYTES)
    throw complain({
      file: archive,
      found: 'more images',
      expected: `at most ${LARGEST_TOTAL_BYTES} bytes of them (a folder has no such limit)`,
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
    : code === 'Z_BUF_ERROR' || /truncated/i.test(message)
      ? 'an archive that ends too early'
      : `no archive that can be read (${message})`;
  return complain({ file: archive, found, expected: 'a whole .tar, .tar.gz or .tgz archive of images' });
}
