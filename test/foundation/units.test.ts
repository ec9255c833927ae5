import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnit, parseUnit, type Quantity, siUnit } from '../../src/foundation/index.js';

const quantities: readonly Quantity[] = ['time', 'bytes', 'bandwidth', 'energy', 'power', 'compute', 'work'];

describe('a unit string', () => {
  it.each([
    ['54 Mbit/s', 'bandwidth', 6.75e6],
    ['1 B/s', 'bandwidth', 1],
    ['1MiB', 'bytes', 1_048_576],
    ['1.5 kB', 'bytes', 1500],
    ['20 ms', 'time', 0.02],
    ['3 µs', 'time', 3e-6],
    ['3 μs', 'time', 3e-6],
    ['3 us', 'time', 3e-6],
    ['2 min', 'time', 120],
    ['1 mWh', 'energy', 3.6],
    ['400 mW', 'power', 0.4],
    ['1e1 GFLOP/s', 'compute', 1e10],
    ['  2 MFLOP ', 'work', 2e6],
  ] as const)('%s of %s is %d in SI', (text, quantity, value) => {
    expect(parseUnit(text, quantity)).toBeCloseTo(value, 12);
  });

  it.each([
    ['54 MB', 'bandwidth', 'found "54 MB" with a unit of bytes ("MB"), expected a unit of bandwidth'],
    ['54', 'bandwidth', 'with no unit, expected a unit of bandwidth'],
    ['54 mbit/s', 'bandwidth', 'the unknown unit "mbit/s"'],
    ['54 mbit/s', 'bandwidth', 'did you mean "Mbit/s"?'],
    ['fast', 'bandwidth', 'found "fast", expected a number and a unit, such as "1 B/s"'],
    ['', 'time', 'expected a number and a unit, such as "1 s"'],
    ['1e400 s', 'time', 'expected a finite number of s'],
    ['NaN s', 'time', 'expected a number and a unit'],
    ['1,5 s', 'time', 'expected a number and a unit'],
  ] as const)('%j of %s is refused with what was found and expected', (text, quantity, sentence) => {
    expect(() => parseUnit(text, quantity)).toThrow(sentence);
  });

  it('is read back as it was written, to the digits that were written', () => {
    const value = fc.double({ min: 1e-15, max: 1e20, noNaN: true });
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(...quantities),
        fc.integer({ min: 3, max: 12 }),
        (x, quantity, digits) => {
          const read = parseUnit(formatUnit(x, quantity, digits), quantity);
          expect(Math.abs(read - x)).toBeLessThanOrEqual(x * 10 ** (1 - digits));
        },
      ),
    );
  });

  it('is never written with a prefix that its quantity does not have', () => {
    expect(formatUnit(7200, 'time')).toBe('7200 s');
    expect(formatUnit(0.25, 'bytes')).toBe('0.25 B');
    expect(formatUnit(0, 'energy')).toBe('0 J');
    expect(formatUnit(6.75e6, 'bandwidth')).toBe('6.75 MB/s');
    expect(formatUnit(3.2e-5, 'time')).toBe('32 µs');
    expect(formatUnit(-0.0125, 'power')).toBe('-12.5 mW');
  });

  it('ends every text in a number or one line of explanation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...quantities), (text, quantity) => {
        try {
          expect(Number.isFinite(parseUnit(text, quantity))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: 'NonnError', exitCode: 2 });
          expect((error as Error).message).toMatch(/^found [^\n]*, expected [^\n]*$/);
        }
      }),
    );
  });

  it('has the SI unit first', () => {
    expect(quantities.map(siUnit)).toEqual(['s', 'B', 'B/s', 'J', 'W', 'FLOP/s', 'FLOP']);
  });
});
