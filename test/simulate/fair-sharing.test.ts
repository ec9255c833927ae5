import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairSharing, type SharedLinks } from '../../src/simulate/index.js';

interface Flow {
  readonly uses: readonly (readonly [link: number, weight: number])[];
  readonly bound: number;
}

function sharedLinks(capacity: readonly number[], kinds: readonly Flow[]): SharedLinks {
  const useStart = [0];
  for (const { uses } of kinds) useStart.push(useStart.at(-1)! + uses.length);
  return {
    capacity: Float64Array.from(capacity),
    useStart: Int32Array.from(useStart),
    useLink: Int32Array.from(kinds.flatMap(({ uses }) => uses.map(([link]) => link))),
    useWeight: Float64Array.from(kinds.flatMap(({ uses }) => uses.map(([, weight]) => weight))),
    bound: Float64Array.from(kinds, ({ bound }) => bound),
  };
}

function rates(capacity: readonly number[], flows: readonly Flow[]): number[] {
  const sharing = new FairSharing(sharedLinks(capacity, flows));
  flows.forEach((_, index) => {
    sharing.add(index, index);
  });
  sharing.settle();
  return flows.map((_, index) => sharing.rate[index]!);
}

const LINKS = 8;
const weight = fc.constantFrom(1, 2, 0.05, 1.05, 0.25);
const flow: fc.Arbitrary<Flow> = fc.record({
  uses: fc
    .uniqueArray(fc.nat(LINKS - 1), { minLength: 1, maxLength: 3 })
    .chain((links) => fc.tuple(...links.map((link) => weight.map((value) => [link, value] as const)))),
  bound: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.double({ min: 0.01, max: 10, noNaN: true })),
});
const capacities = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), {
  minLength: LINKS,
  maxLength: LINKS,
});
const close = 1e-9;

describe('max-min fair rates', () => {
  it('are those of the textbook example', () => {
    // Bertsekas and Gallager, Data Networks, 6.5.2: capacities 1; four flows, of which three share a link.
    const chain = [1, 1, 2];
    const flows: Flow[] = [[0], [0, 1], [1, 2], [2]].map((links) => ({
      uses: links.map((link) => [link, 1] as const),
      bound: Number.POSITIVE_INFINITY,
    }));
    expect(rates(chain, flows)).toEqual([0.5, 0.5, 0.5, 1.5]);
  });

  it('give a flow of double weight the same rate at twice the load', () => {
    const flows: Flow[] = [
      { uses: [[0, 1]], bound: Number.POSITIVE_INFINITY },
      { uses: [[0, 2]], bound: Number.POSITIVE_INFINITY },
    ];
    expect(rates([3], flows)).toEqual([1, 1]);
  });

  it('load no link over its capacity and exceed no bound', () => {
    fc.assert(
      fc.property(capacities, fc.array(flow, { maxLength: 20 }), (capacity, flows) => {
        const rate = rates(capacity, flows);
        const load = capacity.map(() => 0);
        flows.forEach(({ uses, bound }, index) => {
          expect(rate[index]).toBeGreaterThan(0);
          expect(rate[index]).toBeLessThanOrEqual(bound * (1 + close));
          for (const [link, weight] of uses) load[link]! += weight * rate[index]!;
        });
        load.forEach((value, link) => {
          expect(value).toBeLessThanOrEqual(capacity[link]! * (1 + close));
        });
      }),
    );
  });

  it('stop every flow at its bound, or at a full link on which no flow is faster', () => {
    fc.assert(
      fc.property(capacities, fc.array(flow, { maxLength: 20 }), (capacity, flows) => {
        const rate = rates(capacity, flows);
        const load = capacity.map(() => 0);
        const fastest = capacity.map(() => 0);
        flows.forEach(({ uses }, index) => {
          for (const [link, weight] of uses) {
            load[link]! += weight * rate[index]!;
            fastest[link] = Math.max(fastest[link]!, rate[index]!);
          }
        });
        flows.forEach(({ uses, bound }, index) => {
          const stopped = uses.some(
            ([link]) =>
              load[link]! >= capacity[link]! * (1 - close) && rate[index]! >= fastest[link]! * (1 - close),
          );
          expect(stopped || rate[index]! >= bound * (1 - close)).toBe(true);
        });
      }),
    );
  });

  it('are the same when only the components that changed are filled again', () => {
    fc.assert(
      fc.property(
        capacities,
        fc.array(flow, { minLength: 1, maxLength: 12 }),
        fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { maxLength: 12 }),
        (capacity, kinds, steps) => {
          const sharing = new FairSharing(sharedLinks(capacity, kinds));
          const present = new Set<number>();
          for (const step of steps) {
            for (const number of step) {
              const index = number % kinds.length;
              if (present.delete(index)) sharing.remove(index);
              else {
                present.add(index);
                sharing.add(index, index);
              }
            }
            sharing.settle();
            const here = [...present];
            const anew = rates(
              capacity,
              here.map((index) => kinds[index]!),
            );
            here.forEach((index, position) => {
              expect(Math.abs(sharing.rate[index]! / anew[position]! - 1)).toBeLessThan(close);
            });
          }
        },
      ),
    );
  });

  it('of a component that nothing touched are not computed again', () => {
    const apart: Flow[] = [0, 0, 1].map((link) => ({
      uses: [[link, 1]],
      bound: Number.POSITIVE_INFINITY,
    }));
    const sharing = new FairSharing(sharedLinks([1, 1], apart));
    sharing.add(0, 0);
    sharing.add(2, 2);
    sharing.settle();
    sharing.add(1, 1);
    sharing.settle();
    expect([...sharing.changed.slice(0, sharing.changedCount)].sort()).toEqual([0, 1]);
  });
});
