import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/foundation/index.js';
import { writeMoved } from '../../../src/learn/data/batch.js';
import { fillBatch, type ImageSet, shuffled } from '../../../src/learn/data/index.js';

/** Sets of up to six small images of any bytes. */
const sets = fc
  .record({
    height: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 6 }),
    channels: fc.constantFrom(1, 3),
    count: fc.integer({ min: 1, max: 6 }),
  })
  .chain(({ height, width, channels, count }) => {
    const size = height * width * channels * count;
    return fc.uint8Array({ minLength: size, maxLength: size }).map(
      (images): ImageSet => ({
        classes: ['a', 'b'],
        shape: [height, width, channels],
        images,
        labels: new Uint8Array(count),
      }),
    );
  });

const fills = fc.constantFrom('zero' as const, 'reflect' as const);

function all(set: ImageSet): number[] {
  return [...set.labels.keys()];
}

function asBytes(numbers: Float32Array): number[] {
  return Array.from(numbers, (number) => Math.round(number * 255));
}

describe('a batch', () => {
  it('without augmentation is the bytes over 255, in the order of the indexes', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const size = set.images.length / set.labels.length;
        const indexes = all(set).reverse();
        const target = new Float32Array(set.images.length).fill(Number.NaN);
        fillBatch(target, set, indexes);
        indexes.forEach((index, at) => {
          for (let value = 0; value < size; value++)
            expect(target[at * size + value]).toBe(Math.fround(set.images[index * size + value]! / 255));
        });
      }),
    );
  });

  it('with flips and shifts holds values in [0, 1] that the image has, or zeros', () => {
    fc.assert(
      fc.property(
        sets,
        fc.boolean(),
        fc.integer({ min: 0, max: 8 }),
        fills,
        fc.integer(),
        (set, flip, far, fill, seed) => {
          const shift = fill === 'zero' ? far : Math.min(far, set.shape[0] - 1, set.shape[1] - 1);
          const target = new Float32Array(set.images.length).fill(Number.NaN);
          fillBatch(target, set, all(set), { random: randomStream(seed, 'test'), flip, shift, fill });
          const size = set.images.length / set.labels.length;
          asBytes(target).forEach((value, at) => {
            const image = Math.floor(at / size);
            const known = set.images.subarray(image * size, (image + 1) * size);
            expect(known.includes(value) || (fill === 'zero' && value === 0)).toBe(true);
          });
        },
      ),
    );
  });

  it('with cutout is grey in one square, whole or cut by the edge, and as it was without elsewhere', () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: 1, max: 8 }), fc.integer(), (set, side, seed) => {
        const filled = (cutout: number) => {
          const target = new Float32Array(set.images.length);
          const random = randomStream(seed, 'test');
          fillBatch(target, set, all(set), { random, flip: true, shift: 1, cutout });
          return target;
        };
        const [height, width, channels] = set.shape;
        const [before, after] = [filled(0), filled(side)];
        // No byte over 255 is a half, so what is a half was cut out.
        const isCut = (image: number, row: number, column: number) =>
          after[((image * height + row) * width + column) * channels] === 0.5;
        for (const image of all(set)) {
          const rows = [...Array(height).keys()].filter((row) =>
            [...Array(width).keys()].some((column) => isCut(image, row, column)),
          );
          const columns = [...Array(width).keys()].filter((column) =>
            rows.some((row) => isCut(image, row, column)),
          );
          for (const [places, extent] of [
            [rows, height],
            [columns, width],
          ] as const) {
            const [first, last] = [places[0]!, places.at(-1)!];
            expect(places.length).toBe(last - first + 1);
            expect(places.length).toBeLessThanOrEqual(side);
            if (first > 0 && last < extent - 1) expect(places.length).toBe(side);
          }
          for (let row = 0; row < height; row++)
            for (let column = 0; column < width; column++) {
              const inside = rows.includes(row) && columns.includes(column);
              const at = ((image * height + row) * width + column) * channels;
              for (let channel = 0; channel < channels; channel++)
                expect(after[at + channel]).toBe(inside ? 0.5 : before[at + channel]);
            }
        }
      }),
    );
  });

  it.each([-1, 1.5])('refuses to cut out a square of %d pixels', (cutout) => {
    const set: ImageSet = {
      classes: ['a'],
      shape: [1, 1, 1],
      images: new Uint8Array(1),
      labels: new Uint8Array(1),
    };
    const random = randomStream(1, 'test');
    expect(() => fillBatch(new Float32Array(1), set, [0], { random, flip: false, shift: 0, cutout })).toThrow(
      RangeError,
    );
  });

  it('comes to the same values from the same seed, and with nothing switched on to the images as they are', () => {
    fc.assert(
      fc.property(sets, fc.integer(), (set, seed) => {
        const filled = (flip: boolean, shift: number) => {
          const target = new Float32Array(set.images.length);
          fillBatch(target, set, all(set), { random: randomStream(seed, 'test'), flip, shift });
          return target;
        };
        expect(filled(true, 2)).toEqual(filled(true, 2));
        expect(asBytes(filled(false, 0))).toEqual([...set.images]);
      }),
    );
  });

  it('flipped twice is as it was, and a flip mirrors from left to right', () => {
    const flip = { flip: true, down: 0, right: 0 };
    const once = new Float32Array(6);
    const row: ImageSet = {
      classes: ['a', 'b'],
      shape: [2, 3, 1],
      images: Uint8Array.of(1, 2, 3, 4, 5, 6),
      labels: Uint8Array.of(0),
    };
    writeMoved(once, row, 0, flip, 'zero');
    expect(asBytes(once)).toEqual([3, 2, 1, 6, 5, 4]);
    fc.assert(
      fc.property(sets, (set) => {
        const target = new Float32Array(set.images.length / set.labels.length);
        writeMoved(target, set, 0, flip, 'zero');
        const mirrored = { ...set, images: Uint8Array.from(asBytes(target)) };
        writeMoved(target, mirrored, 0, flip, 'zero');
        expect(asBytes(target)).toEqual([...set.images.subarray(0, target.length)]);
      }),
    );
  });

  it('shifted over its edge shows zeros, or its mirror image', () => {
    const row: ImageSet = {
      classes: ['a', 'b'],
      shape: [1, 4, 1],
      images: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(0),
    };
    const target = new Float32Array(4);
    const shown = (right: number, fill: 'zero' | 'reflect') => {
      writeMoved(target, row, 0, { flip: false, down: 0, right }, fill);
      return asBytes(target);
    };
    expect(shown(2, 'zero')).toEqual([3, 4, 0, 0]);
    expect(shown(-1, 'zero')).toEqual([0, 1, 2, 3]);
    expect(shown(2, 'reflect')).toEqual([3, 4, 3, 2]);
    expect(shown(-2, 'reflect')).toEqual([3, 2, 1, 2]);
    writeMoved(target, row, 0, { flip: false, down: 1, right: 0 }, 'zero');
    expect(asBytes(target)).toEqual([0, 0, 0, 0]);
  });

  it('meets every flip and shift about as often as every other', () => {
    // The one bright pixel in the middle tells the shift, the dim one to its right the flip.
    const images = new Uint8Array(25);
    images.set([255, 100], 12);
    const set: ImageSet = { classes: ['a', 'b'], shape: [5, 5, 1], images, labels: Uint8Array.of(0) };
    const target = new Float32Array(25 * 1800);
    fillBatch(target, set, new Uint32Array(1800), { random: randomStream(1, 'test'), flip: true, shift: 1 });
    const seen = new Map<string, number>();
    for (let at = 0; at < 1800; at++) {
      const image = target.subarray(at * 25, (at + 1) * 25);
      const middle = image.indexOf(1);
      const kind = `${middle} ${(image[middle + 1] ?? 0) > 0}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    expect(seen.size).toBe(18);
    // 100 of each kind are expected, with a standard deviation of 9.7.
    for (const count of seen.values()) expect(Math.abs(count - 100)).toBeLessThan(45);
  });

  it('refuses a target of another length, an image that is not there and a shift that cannot be reflected', () => {
    const set: ImageSet = {
      classes: ['a', 'b'],
      shape: [2, 2, 1],
      images: new Uint8Array(4),
      labels: Uint8Array.of(0),
    };
    const random = randomStream(1, 'test');
    expect(() => fillBatch(new Float32Array(5), set, [0])).toThrow('found a batch of 5 values, expected 4');
    expect(() => fillBatch(new Float32Array(4), set, [1])).toThrow('found image 1, expected one of 1');
    expect(() =>
      fillBatch(new Float32Array(4), set, [0], { random, flip: false, shift: 2, fill: 'reflect' }),
    ).toThrow('found a shift of 2 pixels');
  });
});

describe('the order of an epoch', () => {
  it('has every image once, and follows from the seed alone', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.integer(), (count, seed) => {
        const order = shuffled(count, randomStream(seed, 'order/1'));
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
        expect(shuffled(count, randomStream(seed, 'order/1'))).toEqual(order);
      }),
    );
    expect(shuffled(100, randomStream(1, 'order/1'))).not.toEqual(shuffled(100, randomStream(1, 'order/2')));
  });
});
