import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readBytes, sha256, writeAtomically } from '../../foundation/index.js';
import type { ImageSet } from './image-set.js';

/** Changes when the same files would be decoded to other values. */
const FORM = 1;

/** Both parts of a folder of images, decoded. */
export interface DecodedParts {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** `~/.cache/nonn/data`, or the same inside `XDG_CACHE_HOME`, or `data` inside `NONN_CACHE`. */
export function dataCacheFolder(): string {
  const { NONN_CACHE: given, XDG_CACHE_HOME: caches } = process.env;
  return join(given ? resolve(given) : join(caches || join(homedir(), '.cache'), 'nonn'), 'data');
}

/** The cache's file of a source: a source that changed takes the place of its former self. */
export function cacheFile(source: string, limit: number | undefined): string {
  return join(dataCacheFolder(), `${sha256(`${resolve(source)}\n${limit ?? ''}`).slice(0, 32)}.bin`);
}

/**
 * What was kept for a state of the source, or null where there is nothing, it is of another state, or it is damaged.
 * @param state what makes out the source's content: sizes and times of change.
 */
export function readCache(file: string, state: string): DecodedParts | null {
  try {
    const bytes = readBytes(file);
    const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const body = bytes.subarray(4 + headLength);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headLength)));
    if (head.form !== FORM || head.state !== state || head.sha256 !== sha256(body)) return null;
    let at = 0;
    const take = (length: number) => {
      at += length;
      return body.subarray(at - length, at);
    };
    const size = head.shape.reduce((product: number, extent: number) => product * extent, 1);
    const part = (count: number): ImageSet => {
      const labels = take(count);
      return { classes: head.classes, shape: head.shape, images: take(count * size), labels };
    };
    return { train: part(head.train), test: part(head.test) };
  } catch {
    // Whatever is wrong with it, the images can be decoded anew.
    return null;
  }
}

/** Keeps decoded images; where that is not possible, the next start decodes again. */
export function writeCache(file: string, state: string, { train, test }: DecodedParts): void {
  const body = Buffer.concat([train.labels, train.images, test.labels, test.images]);
  const head = Buffer.from(
    JSON.stringify({
      form: FORM,
      state,
      sha256: sha256(body),
      classes: train.classes,
      shape: train.shape,
      train: train.labels.length,
      test: test.labels.length,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  try {
    writeAtomically(file, Buffer.concat([length, head, body]));
  } catch {
    // A full disk or a read-only home is no reason to stop.
  }
}
