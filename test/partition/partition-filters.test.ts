import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { type FilterNetwork, partitionFilters } from '../../src/partition/index.js';

/** Filters in blocks of a size, shuffled: strong edges inside a block, a few weak ones between blocks. */
function blockNetwork(blocks: number, size: number, seed: number) {
  const stream = randomStream(seed, 'blocks');
  const filters = blocks * size;
  const order = Array.from({ length: filters }, (_, filter) => filter);
  for (let at = filters - 1; at > 0; at--) {
    const other = stream.integer(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const blockOf = (filter: number) => Math.floor(order[filter]! / size);
  const weights = Array.from({ length: filters }, () => new Array<number>(filters).fill(0));
  for (let from = 0; from < filters; from++)
    for (let to = from + 1; to < filters; to++) {
      const isInside = blockOf(from) === blockOf(to);
      if (stream.uniform() >= (isInside ? 0.9 : 0.02)) continue;
      weights[from]![to] = isInside ? 3 : 0.5;
      weights[to]![from] = weights[from]![to]!;
    }
  return { network: { filters, weights } satisfies FilterNetwork, blockOf };
}

describe('a partition', () => {
  it('gives each student one block of a random block-structured filter network, the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 8, max: 16 }),
        fc.nat(1000),
        (blocks, size, seed) => {
          const { network, blockOf } = blockNetwork(blocks, size, seed);
          const options = { students: blocks, pool: 'balanced', seed } as const;
          const found = partitionFilters(network, options);
          expect(found.students.map((filters) => filters.length)).toEqual(Array(blocks).fill(size));
          expect(found.students.map((filters) => new Set(filters.map(blockOf)).size)).toEqual(
            Array(blocks).fill(1),
          );
          expect(partitionFilters(network, options)).toEqual(found);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('assigns every filter or lists it as unassigned, whatever the activities were', () => {
    const weights = fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30 * 15, maxLength: 30 * 15 })
      .map((drawn) => {
        const matrix = Array.from({ length: 30 }, () => new Array<number>(30).fill(0));
        let at = 0;
        for (let from = 0; from < 30; from++)
          for (let to = from + 1; to < 30; to++) {
            matrix[from]![to] = drawn[at++]!;
            matrix[to]![from] = matrix[from]![to]!;
          }
        return { filters: 30, weights: matrix };
      });
    fc.assert(
      fc.property(
        weights,
        fc.constantFrom('published' as const, 'balanced' as const),
        fc.integer({ min: 1, max: 31 }),
        (network, pool, students) => {
          try {
            const found = partitionFilters(network, { students, pool, seed: 1 });
            expect(found.students.length).toBe(students);
            expect([...found.students.flat(), ...found.unassigned].sort((a, b) => a - b)).toEqual(
              Array.from({ length: 30 }, (_, filter) => filter),
            );
            if (pool === 'balanced') expect(found.unassigned).toEqual([]);
          } catch (error) {
            expect(String(error)).toMatch(/partition: found \d+ students for \d+ groups of filters/);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
