import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insideTaps } from '../../src/device/inside-taps.js';

describe('the places of windows that lie inside of a map', () => {
  it('are those that looking at each one finds', () => {
    const small = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        fc.record({
          height: small,
          kernelHeight: fc.integer({ min: 1, max: 7 }),
          strideHeight: fc.integer({ min: 1, max: 3 }),
          dilationHeight: fc.integer({ min: 1, max: 2 }),
          padTop: fc.integer({ min: 0, max: 6 }),
          outHeight: small,
        }),
        (shape) => {
          const { height, kernelHeight, strideHeight, dilationHeight, padTop, outHeight } = shape;
          let count = 0;
          for (let output = 0; output < outHeight; output++)
            for (let place = 0; place < kernelHeight; place++) {
              const row = output * strideHeight + place * dilationHeight - padTop;
              if (row >= 0 && row < height) count++;
            }
          expect(insideTaps(shape, 'Height')).toBe(count);
        },
      ),
    );
  });

  it('are all of them without padding, for kernels that say nothing of a stride', () => {
    expect(insideTaps({ width: 6, outWidth: 4, kernelWidth: 3 }, 'Width')).toBe(12);
    expect(insideTaps({ units: 5 }, 'Height')).toBe(1);
  });
});
