import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readBytes, sha256, writeAtomically } from '../../foundation/index.js';
import type { DecodedParts } from './decode-parts.js';
import type { ImageSet } from './image-set.js';

/** Changes when the same files would be decoded to other values. */
const FORM = 1;
/** Characters of the SHA-256 of all that follows them. */
const DIGEST = 64;

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
    const { buffer, byteOffset, byteLength } = readBytes(file);
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    const [digest, rest] = [bytes.toString('latin1', 0, DIGEST), bytes.subarray(DIGEST)];
    const bodyAt = 4 + rest.readUInt32LE();
    const head = JSON.parse(rest.toString('utf8', 4, bodyAt));
    if (head.form !== FORM || head.state !== state || digest !== sha256(rest)) return null;
    const body = rest.subarray(bodyAt);
    let at = 0;
    const take = (length: number) => {
      at += length;
      // A plain array, as decoding gives: the slices of Node's buffers are no copies.
      return new Uint8Array(body.buffer, body.byteOffset + at - length, length);
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
  const head = Buffer.from(
    JSON.stringify({
      form: FORM,
      state,
      classes: train.classes,
      shape: train.shape,
      train: train.labels.length,
      test: test.labels.length,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const rest = Buffer.concat([length, head, train.labels, train.images, test.labels, test.images]);
  try {
    writeAtomically(file, Buffer.concat([Buffer.from(sha256(rest)), rest]));
  } catch {
    // A full disk or a read-only home is no reason to stop.
  }
}
