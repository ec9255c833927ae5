import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSplittable, requiredRegions, unitsByOutput } from '../../src/kernel/index.js';
import { type Network, type Range, type Region, wholeOf } from '../../src/network/index.js';
import { drawnWeights } from '../../src/runtime/index.js';
import { everyLayer } from '../support/every-layer.js';
import { randomNetwork } from '../support/random-network.js';
import { referenceOutput } from '../support/reference-network.js';

/** A part of a network's output, or all of it where it cannot be made in parts. */
function regionOf(network: Network): fc.Arbitrary<Region> {
  const shape = network.shapes.get(network.output)!;
  if (!isSplittable(network, unitsByOutput(network).get(network.output)!)) return fc.constant(wholeOf(shape));
  const range = (size: number) =>
    fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]): Range => [Math.min(a, b), Math.max(a, b) + 1]);
  return fc.record({ rows: range(shape[0]), columns: range(shape[1]) });
}

/** Spoils every pixel of the input outside what is said to be needed, and looks for it in the region of the output. */
function isUntouched(network: Network, region: Region): boolean {
  const [input] = network.inputs as [string];
  const needed = requiredRegions(network, [input], [{ layer: network.output, region }]).get(input);
  const isNeeded = (row: number, column: number) =>
    needed !== undefined &&
    row >= needed.rows[0] &&
    row < needed.rows[1] &&
    column >= needed.columns[0] &&
    column < needed.columns[1];
  const [height, width, channels] = network.shapes.get(input)!;
  const numbers = Float32Array.from({ length: height * width * channels }, (_, index) => {
    const pixel = Math.floor(index / channels);
    return isNeeded(Math.floor(pixel / width), pixel % width) ? 0.5 + 0.4 * Math.sin(index) : Number.NaN;
  });
  const output = referenceOutput(network, numbers, drawnWeights(1));
  const [, across, depth] = network.shapes.get(network.output)!;
  for (let row = region.rows[0]; row < region.rows[1]; row++)
    for (let column = region.columns[0]; column < region.columns[1]; column++)
      for (let channel = 0; channel < depth; channel++)
        if (Number.isNaN(output[(row * across + column) * depth + channel])) return false;
  return true;
}

describe('a region of output depends on nothing outside the region of input that it is said to need', () => {
  it.each(everyLayer())('%s', (_, network) => {
    fc.assert(
      fc.property(regionOf(network), (region) => isUntouched(network, region)),
      { numRuns: 20 },
    );
  });

  it('for random networks', () => {
    const cases = randomNetwork({ maxBlocks: 3 }).chain((network) =>
      fc.record({ network: fc.constant(network), region: regionOf(network) }),
    );
    fc.assert(
      fc.property(cases, ({ network, region }) => {
        expect(isUntouched(network, region)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
