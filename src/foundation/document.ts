import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { z } from 'zod';
import { complain, type NonnError, show } from './error.js';
import { checkPlain } from './plain.js';
import { explainIssues } from './schema-error.js';

const LIMIT_BYTES = 64 * 2 ** 20;
/** Node reads no larger file at once, and no protobuf message is larger. */
const LARGEST_BYTES = 2 ** 31 - 2;

/**
 * Reads a JSON file that a person or a program wrote and checks it against a schema.
 * @param limit largest accepted size in bytes.
 * @throws NonnError in one sentence with file, JSON path, what was found and what was expected.
 */
export function readDocument<S extends z.ZodType>(file: string, schema: S, limit = LIMIT_BYTES): z.output<S> {
  return checkSchema(readJson(file, limit), schema, file);
}

/** Reads a JSON file without a schema; the errors are those of `readDocument`. */
export function readJson(file: string, limit = LIMIT_BYTES): unknown {
  const text = readText(file, limit);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw complain({
      file,
      found: `text that is not valid JSON (${jsonReason((error as Error).message, text)})`,
      expected: 'a JSON document',
    });
  }
  checkPlain(data, file);
  return data;
}

/** Reads a text file in UTF-8; a missing, unreadable, binary or too large file is a sentence. */
export function readText(file: string, limit = LIMIT_BYTES): string {
  const bytes = readBytes(file, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw complain({ file, found: 'bytes that are not UTF-8', expected: 'a text file in UTF-8' });
  }
}

/** Reads a file of any bytes; a missing, unreadable or too large file is a sentence. */
export function readBytes(file: string, limit = LARGEST_BYTES): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readAtMost(file, limit + 1);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'no such file'
        : code === 'EISDIR'
          ? 'a folder'
          : `an unreadable file (${code})`;
    throw complain({ file, found, expected: 'a readable file' });
  }
  if (bytes.length > limit)
    throw complain({ file, found: 'a larger file', expected: `at most ${limit} bytes` });
  return bytes;
}

/** Checks plain data against a schema; `file` names where the data came from in the error. */
export function parseDocument<S extends z.ZodType>(data: unknown, schema: S, file: string): z.output<S> {
  checkPlain(data, file);
  return checkSchema(data, schema, file);
}

function checkSchema<S extends z.ZodType>(data: unknown, schema: S, file: string): z.output<S> {
  const result = schema.safeParse(data, { reportInput: true });
  if (result.success) return result.data;
  throw explainIssues(result.error.issues, schema, data, file);
}

/**
 * Writes a file so that a reader never sees half of it: beside the target first, then renamed over it.
 * Missing folders are made.
 */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const beside = `${file}.${process.pid}-${threadId}.tmp`;
  try {
    makeFolder(dirname(file));
    writeFileSync(beside, content);
    renameSync(beside, file);
  } catch (error) {
    throw unwritable(file, beside, error);
  }
}

/**
 * Checks that a file could be written to a place, without leaving anything there: better before minutes of work than after.
 * @throws NonnError if it could not.
 */
export function checkWritable(file: string): void {
  let place = resolve(file);
  const wanted = place;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    // The file itself must be no folder, and what it would stand in must be one.
    const isFolder = statSync(place).isDirectory();
    if (isFolder === (place === wanted))
      throw Object.assign(new Error(), { code: isFolder ? 'EISDIR' : 'ENOTDIR' });
  } catch (error) {
    throw unwritable(file, undefined, error);
  }
}

/** Level by level: for some places, such as /proc, Node's own recursion never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** JSON text of a document, indented by two, with a final newline. */
export function documentText(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** At most so many bytes: a pipe or a device may be given in the place of a file, and never end. */
function readAtMost(file: string, most: number): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    const status = fstatSync(descriptor);
    if (status.isFile() && status.size < most) return readFileSync(descriptor);
    const chunks: Buffer[] = [];
    for (let length = 0; length < most; ) {
      const chunk = Buffer.alloc(Math.min(2 ** 16, most - length));
      const count = readSync(descriptor, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      length += count;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(descriptor);
  }
}

function unwritable(file: string, beside: string | undefined, error: unknown): NonnError {
  try {
    if (beside !== undefined) rmSync(beside, { force: true });
  } catch {
    // Where nothing could be written there is nothing to remove.
  }
  return complain({
    file,
    found: `a place that cannot be written (${(error as NodeJS.ErrnoException).code})`,
    expected: 'a writable file',
  });
}

/** V8's reason without its excerpt of the text, and with line and column where it gives a position. */
function jsonReason(message: string, text: string): string {
  const token = /^Unexpected token '([\s\S]+?)'/.exec(message)?.[1];
  if (token !== undefined) return `unexpected ${show(token)}`;
  if (message.startsWith('Unexpected end')) return 'it ends too early';
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  const reason = message
    .replace(/ in JSON at position[\s\S]*$/, '')
    .replace(/ after JSON[\s\S]*$/, ' after its end');
  if (Number.isNaN(position)) return reason;
  const before = text.slice(0, position).split('\n');
  return `${reason} at line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
