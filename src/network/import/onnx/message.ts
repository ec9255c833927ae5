import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Reads the value of one field of a message. */
export type Field = (value: FieldValue) => void;

/** The value of a field that has been found; each method reads it as one type. */
export interface FieldValue {
  bytes(): Uint8Array;
  text(): string;
  integer(): number;
  float(): number;
  /** Integers that stand one after the other, or one that stands alone. */
  integers(into: number[], most: number): void;
  /** Floats that stand one after the other, or one that stands alone, as bytes of the file. */
  fixed(into: Uint8Array[], most: number): void;
}

/** Thrown for bytes that are no message of the expected form; the door makes a sentence of it. */
export class Damage extends Error {}

/**
 * Walks over the fields of a protobuf message, without copying any bytes: fields without a reader are skipped.
 * @throws Damage for bytes that are no message.
 */
export function readMessage(bytes: Uint8Array, fields: Readonly<Record<number, Field>>): void {
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      const field = fields[number];
      if (field === undefined) reader.skip(type, number);
      else field(fieldValue(bytes, reader, number, type));
    }
    if (reader.pos > reader.len) throw new Damage('it ends too early');
  } catch (error) {
    if (error instanceof Damage || !(error instanceof Error)) throw error;
    // The library throws plain errors and RangeErrors for damaged bytes; nothing else is thrown here.
    if (error.name === 'NonnError') throw error;
    throw new Damage(error.message === 'premature EOF' ? 'it ends too early' : error.message);
  }
}

/** Adds to a list that may not grow without bound: a damaged length must not fill the memory. */
export function bounded<T>(list: T[], value: T, most: number, what: string): void {
  if (list.length >= most) throw new Damage(`more than ${most} ${what}`);
  list.push(value);
}

function fieldValue(bytes: Uint8Array, reader: BinaryReader, number: number, type: WireType): FieldValue {
  const expect = (expected: WireType) => {
    if (type !== expected)
      throw new Damage(`field ${number} has the wire type ${type} in the place of ${expected}`);
  };
  return {
    bytes() {
      expect(WireType.LengthDelimited);
      return reader.bytes();
    },
    text() {
      expect(WireType.LengthDelimited);
      return reader.string();
    },
    integer() {
      expect(WireType.Varint);
      return Number(reader.int64());
    },
    float() {
      expect(WireType.Bit32);
      return reader.float();
    },
    integers(into, most) {
      if (type !== WireType.LengthDelimited) {
        expect(WireType.Varint);
        bounded(into, Number(reader.int64()), most, 'numbers in a list');
        return;
      }
      const inner = new BinaryReader(reader.bytes());
      while (inner.pos < inner.len) bounded(into, Number(inner.int64()), most, 'numbers in a list');
    },
    fixed(into, most) {
      if (type === WireType.LengthDelimited) {
        bounded(into, reader.bytes(), most, 'parts of a tensor');
        return;
      }
      const length = type === WireType.Bit32 ? 4 : 8;
      if (length === 8) expect(WireType.Bit64);
      const from = reader.pos;
      reader.skip(type, number);
      bounded(into, bytes.subarray(from, from + length), most, 'parts of a tensor');
    },
  };
}
