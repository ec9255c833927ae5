import { describe, expect, it } from 'vitest';
import { sampleKernels } from '../../src/calibrate/index.js';
import { workTerms } from '../../src/device/index.js';

const kernels = (() => {
  const drawn = sampleKernels(7, { most: 1e9, usual: 1e7 });
  return Array.from({ length: 1500 }, () => drawn.next().value);
})();

describe('the kinds of work of a kernel', () => {
  it('are counted by names of their own, in finite amounts not below zero', () => {
    for (const kernel of kernels) {
      const terms = workTerms(kernel);
      expect(new Set(terms.map(([name]) => name)).size).toBe(terms.length);
      expect(terms.every(([, amount]) => Number.isFinite(amount) && amount >= 0)).toBe(true);
      expect(terms.some(([name, amount]) => name.includes('call') && amount === 1)).toBe(true);
    }
  });

  it('are one call alone for rows cut out of bytes, which are a view', () => {
    const shape = { height: 8, width: 9, channels: 3, parts: 1, elementBytes: 1 };
    expect(workTerms({ family: 'gather', shape, bytes: 432 })).toEqual([['cut of bytes: call', 1]]);
    expect(workTerms({ family: 'gather', shape: { ...shape, parts: 2 }, bytes: 432 }).length).toBeGreaterThan(
      1,
    );
  });

  it('of a normalisation tell numbers whose channels fill no vectors', () => {
    const ragged = (channels: number) =>
      workTerms({ family: 'batchNorm', shape: { height: 2, width: 3, channels }, bytes: 48 * channels })
        .filter(([name]) => name.includes('not in'))
        .map(([, amount]) => amount);
    expect([16, 12, 7].map(ragged)).toEqual([
      [0, 0],
      [72, 0],
      [42, 42],
    ]);
  });

  it('have the multiply-adds that the kernel counts', () => {
    const counted = kernels.filter(({ family }) => ['conv2d', 'depthwiseConv2d', 'dense'].includes(family));
    for (const kernel of counted)
      expect(workTerms(kernel).find(([name]) => name === 'multiply-add')?.[1]).toBe(kernel.macs);
  });
});
