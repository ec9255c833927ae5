import { describe, expect, it } from 'vitest';
import { sampledNetwork, visitedNetwork } from '../../src/calibrate/measure-networks.js';
import { movedBytes } from '../../src/device/index.js';

describe('the networks that a calibration runs whole', () => {
  const indices = Array.from({ length: 36 }, (_, index) => index);
  const large = indices.filter((index) => index % 3 === 2);

  it('are the sampled ones, but for one in three', () => {
    const others = indices.filter((index) => !large.includes(index)).slice(0, 6);
    for (const index of others)
      expect(visitedNetwork(1, index).network.layers).toEqual(sampledNetwork(1, index).network.layers);
  });

  it('are large in those, with weights that matter, spread from a small cache to a large one', () => {
    const moved = large.map((index) => {
      const { kernels, weightBytes } = visitedNetwork(1, index);
      const bytes = movedBytes(kernels);
      expect(weightBytes / bytes).toBeGreaterThan(0.2);
      return bytes / 1e6;
    });
    for (const [low, high] of [
      [3.3, 7],
      [7, 12],
      [12, 29],
    ] as const)
      expect(moved.filter((megabytes) => megabytes >= low && megabytes <= high).length).toBeGreaterThan(2);
    expect(Math.min(...moved)).toBeGreaterThan(3.3);
    expect(Math.max(...moved)).toBeLessThan(29);
  });

  it('are others under another seed', () => {
    expect(visitedNetwork(8, 2).network.layers).not.toEqual(visitedNetwork(7, 2).network.layers);
  });
});
