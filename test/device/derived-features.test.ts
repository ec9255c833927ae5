import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedFeatures } from '../../src/device/derived-features.js';

const feature = (name: string, shape: Readonly<Record<string, number>>) =>
  derivedFeatures.get(name)!({ family: 'dense', shape });
const size = fc.integer({ min: 1, max: 5000 });

describe('what tells kernels apart beside their work', () => {
  it('counts weights of a convolution, of each group its own, and of a dense layer', () => {
    const shape = { kernelHeight: 3, kernelWidth: 5, channels: 8, filters: 16, groups: 2 };
    expect(feature('weights', shape)).toBeCloseTo(Math.log2(15 * 8 * 8), 12);
    expect(feature('weights', { inputs: 300, units: 10 })).toBeCloseTo(Math.log2(3000), 12);
  });

  it('is not ragged where blocks of 16 are full, and most ragged at an odd number', () => {
    expect(
      [16, 48, 8, 24, 4, 12, 2, 6, 1, 15, 17].map((units) => feature('ragged', { inputs: 4, units })),
    ).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]);
  });

  it('is as empty in blocks as the size that fills them is larger', () => {
    fc.assert(
      fc.property(size, size, (inputs, units) => {
        const full = 16 * Math.ceil(units / 16);
        expect(feature('filterWaste, blocks', { inputs, units })).toBeCloseTo(Math.log2(full / units), 12);
      }),
    );
  });

  it('is on a page where rows of float32 are whole pages of 4096 bytes apart, as far off below as above', () => {
    expect(feature('off page', { inputs: 4, units: 1024 })).toBe(0);
    expect(feature('off page', { inputs: 4, units: 2048 })).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 512 }), (off) => {
        const wanted = Math.log2(1 + 4 * off);
        expect(feature('off page', { inputs: 4, units: 1024 + off })).toBeCloseTo(wanted, 12);
        expect(feature('off page', { inputs: 4, units: 2048 - off })).toBeCloseTo(wanted, 12);
      }),
    );
  });
});
