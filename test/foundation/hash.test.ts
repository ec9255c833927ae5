import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashData, sha256 } from '../../src/foundation/index.js';

describe('a hash of data', () => {
  it('does not depend on the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(hashData(reversed(data))).toBe(hashData(data));
      }),
    );
  });

  it('tells different data apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(hashData(a) === hashData(b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
    expect(hashData([1, 2])).not.toBe(hashData([2, 1]));
    expect(hashData({ a: 1 })).not.toBe(hashData({ a: '1' }));
  });

  it('ignores a field that is undefined', () => {
    expect(hashData({ a: 1, b: undefined })).toBe(hashData({ a: 1 }));
  });

  it('is JSON that can be read back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (data) => {
        expect(JSON.stringify(JSON.parse(canonicalJson(data)))).toBe(
          JSON.stringify(sorted(JSON.parse(JSON.stringify(data)))),
        );
      }),
    );
  });

  it('is SHA-256', () => {
    // FIPS 180-2, appendix B.1.
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

function reversed(data: unknown): unknown {
  return rebuilt(data, (keys) => keys.reverse());
}

function sorted(data: unknown): unknown {
  return rebuilt(data, (keys) => keys.sort((a, b) => (a < b ? -1 : 1)));
}

function rebuilt(data: unknown, order: (keys: string[]) => string[]): unknown {
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data)) return data.map((entry) => rebuilt(entry, order));
  const fields = data as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const key of order(Object.keys(fields)))
    Object.defineProperty(result, key, { value: rebuilt(fields[key], order), enumerable: true });
  return result;
}
