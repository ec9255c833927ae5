import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { complain, show } from '../../../foundation/index.js';
import { type Constant, constant, countOf } from '../constant.js';
import { type ElementType, elementTypes, numbersOf } from '../elements.js';

/** Tensors of a tfjs `weightsManifest` by their names; empty where the file has none. */
export type Manifest = ReadonlyMap<string, Constant>;

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** Type of the stored numbers, with the line that turns them into the meant ones. */
  readonly quantisation?: { readonly dtype: ElementType; readonly scale: number; readonly min: number };
}

interface Shard {
  readonly file: string;
  /** Undefined where the file is not there: costs need no weights, and whatever reads them says so. */
  readonly size: number | undefined;
}

/** @throws NonnError for a manifest of another form, or one that does not fit its files. */
export function readManifest(data: unknown, file: string): Manifest {
  const weights = new Map<string, Constant>();
  if (data === undefined || data === null) return weights;
  if (!Array.isArray(data))
    throw complain({ file, path: 'weightsManifest', found: show(data), expected: 'a list' });
  for (const [index, group] of data.entries()) {
    const path = `weightsManifest[${index}]`;
    const { paths, weights: entries } = (group ?? {}) as { paths?: unknown; weights?: unknown };
    if (!Array.isArray(paths) || !Array.isArray(entries))
      throw complain({ file, path, found: show(group), expected: '"paths" and "weights"' });
    const shards = paths.map((name, at) => shardOf(name, file, `${path}.paths[${at}]`));
    let offset = 0;
    for (const [at, given] of entries.entries()) {
      const where = `${path}.weights[${at}]`;
      const entry = entryOf(given, file, where);
      const count = countOf(entry.name, entry.shape);
      const stored = entry.quantisation?.dtype ?? entry.dtype;
      const [from, length] = [offset, count * elementTypes[stored].bytes];
      offset += length;
      weights.set(
        entry.name,
        constant(entry.name, entry.shape, () => numbersOfEntry(entry, readRange(shards, from, length))),
      );
    }
    const sizes = shards.map(({ size }) => size);
    const total = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    if (shards.length > 0 && !sizes.includes(undefined) && total < offset)
      throw complain({
        file,
        path,
        found: `files of ${total} bytes`,
        expected: `${offset} bytes of weights`,
      });
  }
  return weights;
}

function entryOf(given: unknown, file: string, path: string): Entry {
  const { name, shape, dtype, quantization } = (given ?? {}) as Record<string, unknown>;
  const isShape = Array.isArray(shape) && shape.every((size) => typeof size === 'number');
  if (typeof name !== 'string' || !isShape || typeof dtype !== 'string')
    throw complain({ file, path, found: show(given), expected: '"name", "shape" and "dtype"' });
  const type = typeOf(dtype, file, `${path}.dtype`);
  if (quantization === undefined) return { name, shape, dtype: type };
  const { dtype: stored, scale = 1, min = 0 } = (quantization ?? {}) as Record<string, unknown>;
  if (typeof stored !== 'string' || typeof scale !== 'number' || typeof min !== 'number')
    throw complain({
      file,
      path: `${path}.quantization`,
      found: show(quantization),
      expected: '"dtype", "scale" and "min"',
    });
  return { name, shape, dtype: type, quantisation: { dtype: typeOf(stored, file, path), scale, min } };
}

function typeOf(dtype: string, file: string, path: string): ElementType {
  if (Object.hasOwn(elementTypes, dtype)) return dtype as ElementType;
  throw complain({
    file,
    path,
    found: show(dtype),
    expected: 'float32, float16, int32, uint8, uint16 or bool',
  });
}

function numbersOfEntry({ dtype, quantisation }: Entry, bytes: Uint8Array): Float32Array | Float64Array {
  const numbers = numbersOf(bytes, quantisation?.dtype ?? dtype);
  if (quantisation === undefined || quantisation.dtype === 'float16') return numbers;
  const { scale, min } = quantisation;
  return Float32Array.from(numbers, (value) => value * scale + min);
}

function shardOf(name: unknown, file: string, path: string): Shard {
  const inside = typeof name === 'string' ? normalize(name) : '';
  if (
    typeof name !== 'string' ||
    name === '' ||
    name.includes('\0') ||
    isAbsolute(inside) ||
    inside.split(/[\\/]/)[0] === '..'
  )
    throw complain({ file, path, found: show(name), expected: 'the name of a file in the same folder' });
  const beside = join(dirname(file), inside);
  try {
    return { file: beside, size: statSync(beside).size };
  } catch {
    return { file: beside, size: undefined };
  }
}

/** Bytes of a range of several files one after the other. */
function readRange(shards: readonly Shard[], offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let start = 0;
  for (const { file, size } of shards) {
    if (size === undefined)
      throw complain({ file, found: 'no such file', expected: 'the weights of the network beside it' });
    const [from, to] = [Math.max(offset, start), Math.min(offset + length, start + size)];
    if (from < to) readInto(bytes.subarray(from - offset, to - offset), file, from - start);
    start += size;
  }
  return bytes;
}

function readInto(bytes: Uint8Array, file: string, position: number): void {
  const descriptor = openSync(file, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(descriptor, bytes, done, bytes.length - done, position + done);
      if (count === 0)
        throw complain({ file, found: 'an early end', expected: `${position + bytes.length} bytes` });
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
}
