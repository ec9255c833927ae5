import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import { frameBytes } from '../../src/plan/index.js';
import { crc32, crc32ByTable } from '../../src/runtime/checksum.js';
import { decodeFrame, encodeFrame, type Frame } from '../../src/runtime/index.js';

const bounds = fc
  .tuple(fc.nat(100_000), fc.integer({ min: 1, max: 4 }))
  .map(([from, length]): [number, number] => [from, from + length]);

const piece = fc
  .record({
    number: fc.nat(2 ** 32 - 1),
    dtype: fc.constantFrom('float32' as const, 'uint8' as const, 'int8' as const),
    rows: bounds,
    columns: bounds,
    channels: bounds,
    byte: fc.nat(255),
  })
  .map(({ byte, ...fields }) => {
    const elements = [fields.rows, fields.columns, fields.channels].reduce((n, [a, b]) => n * (b - a), 1);
    return { ...fields, data: new Uint8Array(elements * (fields.dtype === 'float32' ? 4 : 1)).fill(byte) };
  });

const frame: fc.Arbitrary<Frame> = fc.record({
  plan: fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 16, maxLength: 16 })
    .map((a) => a.join('')),
  inference: fc.nat(2 ** 32 - 1),
  message: fc.nat(2 ** 32 - 1),
  pieces: fc.array(piece, { maxLength: 4 }),
});

describe('a frame', () => {
  it('reads back as it was written, whatever memory it lies in', () => {
    fc.assert(
      fc.property(frame, fc.nat(7), (written, offset) => {
        const bytes = encodeFrame(written);
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(decodeFrame(moved.subarray(offset))).toEqual(written);
      }),
    );
  });

  it('is as long as plans count', () => {
    fc.assert(
      fc.property(frame, (written) => {
        const payload = written.pieces.reduce((sum, { data }) => sum + data.length, 0);
        expect(encodeFrame(written).length).toBe(frameBytes(payload, written.pieces.length));
      }),
    );
  });

  it('of any bytes is read or refused in a sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expectSentence(() => decodeFrame(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('is refused when any byte that carries something is changed', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, flip) => {
        const bytes = encodeFrame(written);
        const index = at % bytes.length;
        bytes[index]! ^= flip;
        // Plan, inference and message are for the receiver to judge.
        if (index >= 8 && index < 24) expect(decodeFrame(bytes)).not.toEqual(written);
        else expect(() => decodeFrame(bytes)).toThrow(NonnError);
      }),
    );
  });

  it('that was cut short or carries more is refused', () => {
    fc.assert(
      fc.property(frame, fc.nat(), (written, at) => {
        const bytes = encodeFrame(written);
        expect(() => decodeFrame(bytes.subarray(0, at % bytes.length))).toThrow(NonnError);
        expect(() => decodeFrame(Uint8Array.of(...bytes, 0))).toThrow(NonnError);
      }),
    );
  });
});

describe('the checksum', () => {
  it('is the CRC-32 of zlib: 0xcbf43926 of "123456789"', () => {
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
    const text = new TextEncoder().encode('123456789');
    expect(crc32(text)).toBe(0xcbf43926);
    expect(crc32ByTable(text)).toBe(0xcbf43926);
  });
});

function expectSentence(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(NonnError);
    expect((error as Error).message).toMatch(/^frame: found .*, expected /);
  }
}
