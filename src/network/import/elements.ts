/** Types of numbers in files of weights. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool';

interface Element {
  readonly bytes: number;
  /** Reads element number `index`, little-endian. */
  readonly read: (view: DataView, index: number) => number;
}

export const elementTypes: Readonly<Record<ElementType, Element>> = {
  float32: { bytes: 4, read: (view, index) => view.getFloat32(4 * index, true) },
  float64: { bytes: 8, read: (view, index) => view.getFloat64(8 * index, true) },
  float16: { bytes: 2, read: (view, index) => halfFloat(view.getUint16(2 * index, true)) },
  bfloat16: { bytes: 2, read: (view, index) => brainFloat(view.getUint16(2 * index, true)) },
  int8: { bytes: 1, read: (view, index) => view.getInt8(index) },
  uint8: { bytes: 1, read: (view, index) => view.getUint8(index) },
  int16: { bytes: 2, read: (view, index) => view.getInt16(2 * index, true) },
  uint16: { bytes: 2, read: (view, index) => view.getUint16(2 * index, true) },
  int32: { bytes: 4, read: (view, index) => view.getInt32(4 * index, true) },
  uint32: { bytes: 4, read: (view, index) => view.getUint32(4 * index, true) },
  int64: { bytes: 8, read: (view, index) => Number(view.getBigInt64(8 * index, true)) },
  uint64: { bytes: 8, read: (view, index) => Number(view.getBigUint64(8 * index, true)) },
  bool: { bytes: 1, read: (view, index) => (view.getUint8(index) === 0 ? 0 : 1) },
};

/** Numbers of little-endian bytes; a view of them where they are float32 and aligned. */
export function numbersOf(bytes: Uint8Array, type: ElementType): Float32Array | Float64Array {
  const { bytes: size, read } = elementTypes[type];
  const count = bytes.length / size;
  if (type === 'float32') {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
    return new Float32Array(aligned.buffer, aligned.byteOffset, count);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const single = type === 'float16' || type === 'bfloat16' || size === 1;
  const numbers = single ? new Float32Array(count) : new Float64Array(count);
  for (let index = 0; index < count; index++) numbers[index] = read(view, index);
  return numbers;
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brainFloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 0x10000);
  return view.getFloat32(0);
}
