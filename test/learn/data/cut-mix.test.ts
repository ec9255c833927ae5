import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/foundation/index.js';
import { swapRectangles } from '../../../src/learn/data/index.js';

const size = fc.integer({ min: 1, max: 7 });
const shapes = fc.tuple(size, size, size, fc.integer({ min: 1, max: 3 }));

/** A batch in which every number tells its image and its place. */
function numbered(shape: readonly [number, number, number, number]): Float32Array {
  return Float32Array.from({ length: shape.reduce((product, extent) => product * extent) }, (_, at) => at);
}

describe('rectangles that pairs of images swap', () => {
  it('are one rectangle a pair, as large as its share says, and leave all else as it was', () => {
    fc.assert(
      fc.property(shapes, fc.integer(), (shape, seed) => {
        const [batch, height, width, channels] = shape;
        const target = numbered(shape);
        const shares = swapRectangles(target, shape, 1, randomStream(seed, 'test'));
        const length = height * width * channels;
        for (let image = 0; image < batch; image++) {
          const partner = batch - 1 - image;
          const swapped: [number, number][] = [];
          for (let at = 0; at < length; at++) {
            const value = target[image * length + at]!;
            const isPartners = partner !== image && value === partner * length + at;
            if (!isPartners) expect(value).toBe(image * length + at);
            else {
              const pixel = Math.floor(at / channels);
              swapped.push([Math.floor(pixel / width), pixel % width]);
            }
          }
          expect(shares[image]).toBeCloseTo(swapped.length / length, 6);
          const extent = (axis: 0 | 1) => new Set(swapped.map((place) => place[axis])).size;
          expect(swapped.length).toBe(extent(0) * extent(1) * channels);
        }
      }),
    );
  });

  it('are none at a probability of zero, with as many draws', () => {
    fc.assert(
      fc.property(shapes, fc.integer(), (shape, seed) => {
        const next = (probability: number) => {
          const random = randomStream(seed, 'test');
          const target = numbered(shape);
          const shares = swapRectangles(target, shape, probability, random);
          return { target, shares, drawn: random.uniform() };
        };
        const none = next(0);
        expect(none.target).toEqual(numbered(shape));
        expect([...none.shares].every((share) => share === 0)).toBe(true);
        expect(none.drawn).toBe(next(1).drawn);
      }),
    );
  });

  it('take half of the area on average, less what edges cut off', () => {
    const shape = [20_000, 32, 32, 1] as const;
    const shares = swapRectangles(numbered(shape), shape, 1, randomStream(1, 'test'));
    // Along one axis a stretch of share s around a uniform middle keeps s - s²/4 of it; the area's mean over s² = u in
    // [0, 1] is the integral of 2 s (s - s²/4)² = 2 (1/4 - 1/10 + 1/96).
    const expected = 2 * (1 / 4 - 1 / 10 + 1 / 96);
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeCloseTo(expected, 2);
  });
});
