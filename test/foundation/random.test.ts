import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';

describe('a random stream', () => {
  it('gives the same numbers for the same seed and name, on every machine and in every version', () => {
    // xoroshiro128+ (Blackman and Vigna, constants 24, 16, 37) from the first 128 bits of SHA-256 of '1/arrivals', low
    // words taken in pairs to 53 bits; the same three numbers come from an implementation in 64-bit arithmetic.
    const stream = randomStream(1, 'arrivals');
    expect([stream.uniform(), stream.uniform(), stream.uniform()]).toEqual([
      0.7782030900569965, 0.8385157884713562, 0.08449554371124701,
    ]);
  });

  it('does not move when another stream is drawn from', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.string(), fc.nat(20), (seed, name, other, draws) => {
        const alone = randomStream(seed, name).uniform();
        const disturbing = randomStream(seed, other);
        const beside = randomStream(seed, name);
        for (let i = 0; i < draws; i++) disturbing.uniform();
        expect(beside.uniform()).toBe(alone);
      }),
    );
  });

  it('is unlike its neighbours in seed and in name from the first number on', () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => randomStream(seed, 'a').uniform());
    const others = Array.from({ length: 2000 }, (_, seed) => randomStream(seed, 'b').uniform());
    expect(mean(firsts)).toBeCloseTo(0.5, 1);
    expect(Math.abs(correlation(firsts, others))).toBeLessThan(0.08);
    expect(Math.abs(correlation(firsts.slice(1), firsts.slice(0, -1)))).toBeLessThan(0.08);
  });

  it('has the moments of its distributions', () => {
    const stream = randomStream(7, 'moments');
    const exponential = Array.from({ length: 20_000 }, () => stream.exponential(4));
    const normal = Array.from({ length: 20_000 }, () => stream.normal());
    expect(mean(exponential)).toBeCloseTo(0.25, 2);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
  });

  it('stays in range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1e9 }), (seed, below) => {
        const stream = randomStream(seed, 'range');
        const uniform = stream.uniform();
        expect(uniform >= 0 && uniform < 1).toBe(true);
        const integer = stream.integer(below);
        expect(Number.isInteger(integer) && integer >= 0 && integer < below).toBe(true);
        expect(stream.exponential(1)).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(stream.normal())).toBe(true);
      }),
    );
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((x, i) => (x - ma) * (b[i]! - mb)));
  return covariance / Math.sqrt(mean(a.map((x) => (x - ma) ** 2)) * mean(b.map((x) => (x - mb) ** 2)));
}
