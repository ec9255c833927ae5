import { describe, expect, it } from 'vitest';
import { fitRoofline, rooflineSeconds } from '../../src/device/index.js';

describe('the roofline fit', () => {
  it('finds the parameters again that its rows were made from', () => {
    const truth = [1e-9, 1e-9, 1e-5, 4e-10, 2e-9, 2e-5];
    const works = [
      [1e9, 1e6],
      [1e6, 1e9],
      [1e5, 1e5],
      [3e8, 1e7],
      [1e7, 4e8],
    ] as const;
    const rows = works.flatMap(([flops, bytes], index) =>
      [0, 1].map((family) => {
        const kernels = [{ family, count: 1 + index, flops, bytes }];
        return { kernels, seconds: rooflineSeconds(kernels, truth), weight: 1 };
      }),
    );
    const start = [2e-9, 2e-9, 1e-5, 1e-9, 1e-9, 1e-5];
    const found = fitRoofline(rows, start, 1e-9, new Array(6).fill(0));
    for (const [index, value] of truth.entries()) expect(found[index]! / value).toBeCloseTo(1, 2);
  });
});
