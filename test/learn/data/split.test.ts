import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageSet, splitStratified } from '../../../src/learn/data/index.js';

/** Sets of one-pixel images of which each has the value of its index. */
const sets = fc.array(fc.nat(2), { minLength: 6, maxLength: 200 }).map((drawn): ImageSet => {
  const labels = Uint8Array.from([0, 0, 1, 1, 2, 2, ...drawn]);
  const images = Uint8Array.from(labels.keys());
  return { classes: ['a', 'b', 'c'], shape: [1, 1, 1], images, labels };
});

function counts({ labels }: ImageSet): number[] {
  return [0, 1, 2].map((label) => labels.filter((found) => found === label).length);
}

describe('a validation split', () => {
  it('takes the share of each class, each image to one side with its label, in the order that they had', () => {
    fc.assert(
      fc.property(sets, fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.nat(), (set, share, seed) => {
        const { kept, taken } = splitStratified(set, share, seed);
        expect([...kept.images, ...taken.images].sort((a, b) => a - b)).toEqual([...set.images]);
        for (const side of [kept, taken]) {
          expect([...side.images].sort((a, b) => a - b)).toEqual([...side.images]);
          side.labels.forEach((label, at) => {
            expect(label).toBe(set.labels[side.images[at]!]);
          });
        }
        expect(counts(taken)).toEqual(
          counts(set).map((count) => Math.min(count - 1, Math.max(1, Math.round(share * count)))),
        );
        expect(splitStratified(set, share, seed).taken).toEqual(taken);
      }),
    );
  });

  it('of a class does not move when another class grows', () => {
    const set = (others: number): ImageSet => {
      const labels = Uint8Array.from([...Array(50).fill(0), ...Array(others).fill(1)]);
      return { classes: ['a', 'b'], shape: [1, 1, 1], images: Uint8Array.from(labels.keys()), labels };
    };
    const taken = (others: number) =>
      [...splitStratified(set(others), 0.1, 1).taken.images].filter((index) => index < 50);
    expect(taken(60)).toEqual(taken(10));
  });
});
