import { complain, readBytes, show } from '../../foundation/index.js';
import { type ElementType, elementTypes, numbersOf } from '../import/elements.js';

/** A tensor as it is written to a file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array;
}

/** A tensor in a file; its numbers are read at every call. */
export interface FileTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly count: number;
  numbers(): Float32Array | Float64Array;
}

/**
 * Tensors by name in the safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes with the length of the
 * header, little-endian; the header, JSON with type, shape and place of each tensor; their numbers one after the other.
 */
export function safetensors(tensors: ReadonlyMap<string, StoredTensor>): Uint8Array {
  const header: Record<
    string,
    { dtype: string; shape: readonly number[]; data_offsets: readonly [number, number] }
  > = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.byteLength;
    header[name] = { dtype: data instanceof Int8Array ? 'I8' : 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces behind the header put the numbers at a multiple of eight, where they can be used as they stand.
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + offset).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** @throws NonnError in one sentence for a file that is no such file, or lies about what it holds. */
export function readSafetensors(file: string): ReadonlyMap<string, FileTensor> {
  const bytes = readBytes(file);
  const length =
    bytes.length < 8 ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length < 2 || 8 + length > bytes.length)
    throw complain({
      file,
      found: `${bytes.length} bytes with a header of ${length < 0 ? 'no length' : length}`,
      expected: 'a safetensors file',
    });
  const header = headerOf(bytes.subarray(8, 8 + length), file);
  const data = bytes.subarray(8 + length);
  const tensors = new Map<string, FileTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: place } = (entry ?? {}) as Record<string, unknown>;
    const path = `tensor ${name}`;
    const type = typeof dtype === 'string' && Object.hasOwn(types, dtype) ? types[dtype] : undefined;
    if (type === undefined)
      throw complain({
        file,
        path,
        found: `dtype ${show(dtype)}`,
        expected: `one of ${Object.keys(types).join(', ')}`,
      });
    if (!isWholes(shape) || !isWholes(place) || place.length !== 2)
      throw complain({
        file,
        path,
        found: show(entry),
        expected: '"shape" and "data_offsets" of whole numbers',
      });
    const count = shape.reduce((product, size) => product * size, 1);
    const [from, to] = place as [number, number];
    if (to - from !== count * elementTypes[type].bytes || to > data.length)
      throw complain({
        file,
        path,
        found: `bytes ${from} to ${to} of ${data.length}`,
        expected: `${count * elementTypes[type].bytes} for ${shape.join('x')} of ${dtype}`,
      });
    tensors.set(name, { type, shape, count, numbers: () => numbersOf(data.subarray(from, to), type) });
  }
  return tensors;
}

/** Types of the format that hold weights. */
const types: Readonly<Record<string, ElementType>> = {
  F32: 'float32',
  F64: 'float64',
  F16: 'float16',
  BF16: 'bfloat16',
  I8: 'int8',
  U8: 'uint8',
  I32: 'int32',
  I64: 'int64',
};

function headerOf(bytes: Uint8Array, file: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    header = undefined;
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw complain({ file, found: 'a header that is no JSON object', expected: 'a safetensors file' });
  return header as Record<string, unknown>;
}

function isWholes(list: unknown): list is readonly number[] {
  return Array.isArray(list) && list.every((value) => Number.isSafeInteger(value) && value >= 0);
}
