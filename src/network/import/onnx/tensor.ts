import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { complain, show } from '../../../foundation/index.js';
import { type Constant, constant, countOf } from '../constant.js';
import { type ElementType, elementTypes, numbersOf } from '../elements.js';
import type { OnnxTensor } from './model.js';

/** Element types of ONNX (TensorProto.DataType) by their number. */
const types: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

/** A tensor of an ONNX file. Its numbers are read when they are wanted. @throws NonnError if they cannot be there. */
export function constantOfTensor(tensor: OnnxTensor, name: string, file: string): Constant {
  const type = types[tensor.type];
  const path = `tensor ${name}`;
  if (type === undefined)
    throw complain({
      file,
      path,
      found: `element type ${tensor.type}`,
      expected: `one of ${Object.values(types).join(', ')}`,
    });
  const count = countOf(name, tensor.dims);
  const length = count * elementTypes[type].bytes;
  if (tensor.external !== undefined) {
    const place = externalPlace(tensor.external, file, path, length);
    return constant(name, tensor.dims, () => numbersOf(readPlace(place), type));
  }
  const { raw, fixed, integers } = tensor;
  if (raw !== undefined) {
    if (raw.length !== length)
      throw complain({
        file,
        path,
        found: `${raw.length} bytes`,
        expected: `${length} for ${tensor.dims.join('x')} of ${type}`,
      });
    return constant(name, tensor.dims, () => numbersOf(raw, type));
  }
  if (type === 'float32' || type === 'float64') {
    const stored = fixed.reduce((sum, part) => sum + part.length, 0);
    if (stored !== length)
      throw complain({
        file,
        path,
        found: `${stored} bytes`,
        expected: `${length} for ${tensor.dims.join('x')} of ${type}`,
      });
    return constant(name, tensor.dims, () =>
      numbersOf(fixed.length === 1 ? fixed[0]! : Buffer.concat(fixed), type),
    );
  }
  if (integers.length !== count)
    throw complain({
      file,
      path,
      found: `${integers.length} numbers`,
      expected: `${count} for ${tensor.dims.join('x')}`,
    });
  // Half floats stand in int32_data as their bits.
  return constant(name, tensor.dims, () =>
    type === 'float16' || type === 'bfloat16'
      ? numbersOf(new Uint8Array(Uint16Array.from(integers).buffer), type)
      : Float64Array.from(integers),
  );
}

interface Place {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

function externalPlace(
  external: ReadonlyMap<string, string>,
  file: string,
  path: string,
  length: number,
): Place {
  const location = external.get('location') ?? '';
  const inside = normalize(location);
  if (location === '' || location.includes('\0') || isAbsolute(inside) || inside.split(/[\\/]/)[0] === '..')
    throw complain({
      file,
      path,
      found: `numbers in ${show(location)}`,
      expected: 'a file in the same folder',
    });
  const offset = Number(external.get('offset') ?? 0);
  const beside = join(dirname(file), inside);
  let size: number;
  try {
    size = statSync(beside).size;
  } catch {
    throw complain({
      file,
      path,
      found: `numbers in ${show(location)}, which is not there`,
      expected: 'the file beside this one',
    });
  }
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > size)
    throw complain({
      file,
      path,
      found: `bytes ${offset} to ${offset + length} of ${show(location)}`,
      expected: `a place in its ${size} bytes`,
    });
  return { file: beside, offset, length };
}

function readPlace({ file, offset, length }: Place): Uint8Array {
  const bytes = new Uint8Array(length);
  const descriptor = openSync(file, 'r');
  try {
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
      if (count === 0) throw complain({ file, found: 'an early end', expected: `${offset + length} bytes` });
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
