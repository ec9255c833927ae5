import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaOf,
  bounding,
  contains,
  intersect,
  isEmpty,
  type Layer,
  type NeededInput,
  NetworkBuilder,
  operatorOf,
  type Padding,
  type Region,
  type Shape,
  sameRegion,
  wholeOf,
} from '../../src/network/index.js';

interface Windowed {
  readonly layer: Layer;
  readonly input: Shape;
  readonly output: Shape;
}

/** A convolution over a small map, of any kernel, stride and padding. */
const windowed: fc.Arbitrary<Windowed> = fc
  .record({
    height: fc.integer({ min: 1, max: 14 }),
    width: fc.integer({ min: 1, max: 14 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    stride: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    padding: fc.oneof(
      fc.constantFrom<Padding>('same', 'valid'),
      fc.record({ top: fc.nat(4), bottom: fc.nat(4), left: fc.nat(4), right: fc.nat(4) }),
    ),
  })
  .map(({ height, width, kernel, stride, padding }) => {
    const b = new NetworkBuilder('one');
    try {
      const network = b.build(b.conv2d(b.input([height, width, 1]), { filters: 1, kernel, stride, padding }));
      const layer = network.byId.get(network.output)!;
      return { layer, input: [height, width, 1] as const, output: network.shapes.get(layer.id)! };
    } catch {
      return undefined; // the window does not fit
    }
  })
  .filter((found) => found !== undefined);

const needed = ({ layer, input }: Windowed, output: Region): NeededInput =>
  operatorOf(layer).neededInput(layer, output, [input], 0)!;

const regionIn = ([height, width]: Shape): fc.Arbitrary<Region> => {
  const range = (size: number) =>
    fc
      .tuple(fc.nat(size - 1), fc.nat(size - 1))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
  return fc.record({ rows: range(height), columns: range(width) });
};

const withRegions = windowed.chain((window) =>
  fc.record({ window: fc.constant(window), a: regionIn(window.output), b: regionIn(window.output) }),
);

describe('the input that a region of output needs', () => {
  it('is the hull of what its windows touch, pixel by pixel: no less and no more', () => {
    fc.assert(
      fc.property(withRegions, ({ window, a }) => {
        const { layer, input } = window;
        if (layer.kind !== 'conv2d') return;
        // The padding of the whole map, counted from the definition of `same`.
        const before = (axis: 0 | 1) => {
          if (layer.padding === 'valid') return 0;
          if (layer.padding !== 'same') return axis === 0 ? layer.padding.top : layer.padding.left;
          const steps = Math.ceil(input[axis] / layer.stride[axis]) - 1;
          return Math.floor(Math.max(0, steps * layer.stride[axis] + layer.kernel[axis] - input[axis]) / 2);
        };
        const touched = (axis: 0 | 1, [from, to]: readonly [number, number]) => {
          const found: number[] = [];
          for (let output = from; output < to; output++)
            for (let tap = 0; tap < layer.kernel[axis]; tap++) {
              const index = output * layer.stride[axis] + tap - before(axis);
              if (index >= 0 && index < input[axis]) found.push(index);
            }
          return [Math.min(...found), Math.max(...found) + 1];
        };
        const { region } = needed(window, a);
        expect(region).toEqual({ rows: touched(0, a.rows), columns: touched(1, a.columns) });
      }),
    );
  });

  it('with its padding, gives just that region when the window runs over it', () => {
    fc.assert(
      fc.property(withRegions, ({ window, a }) => {
        const { layer } = window;
        if (layer.kind !== 'conv2d') return;
        const { region, pad } = needed(window, a);
        const b = new NetworkBuilder('piece');
        const shape = [region.rows[1] - region.rows[0], region.columns[1] - region.columns[0], 1] as const;
        const { kernel, stride } = layer;
        const piece = b.build(b.conv2d(b.input(shape), { filters: 1, kernel, stride, padding: pad }));
        const found = piece.shapes.get(piece.output)!;
        expect(found.slice(0, 2)).toEqual([a.rows[1] - a.rows[0], a.columns[1] - a.columns[0]]);
      }),
    );
  });

  it('grows with the region, and of two regions together is the hull of both', () => {
    fc.assert(
      fc.property(withRegions, ({ window, a, b }) => {
        const hull = bounding(a, b);
        const both = bounding(needed(window, a).region, needed(window, b).region);
        expect(contains(needed(window, hull).region, needed(window, a).region)).toBe(true);
        expect(sameRegion(needed(window, hull).region, both)).toBe(true);
      }),
    );
  });

  it('lies in the map and is never empty', () => {
    fc.assert(
      fc.property(withRegions, ({ window, a }) => {
        const { region, pad } = needed(window, a);
        expect(contains(wholeOf(window.input), region)).toBe(true);
        expect(isEmpty(region)).toBe(false);
        expect(Math.min(pad.top, pad.bottom, pad.left, pad.right)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is the same pixels for layers that work pixel by pixel, and the block for space-to-depth', () => {
    const b = new NetworkBuilder('pixels');
    const x = b.input([8, 8, 4], 'x');
    b.relu(x, 'relu');
    b.batchNorm(x, 'bn');
    b.sum([x, x], 'sum');
    b.concat([x, x], 'concat');
    const network = b.build(b.spaceToDepth(x, 2, 'blocks'));
    const region: Region = { rows: [1, 3], columns: [0, 2] };
    const of = (id: string) => {
      const layer = network.byId.get(id)!;
      return operatorOf(layer).neededInput(layer, region, [[8, 8, 4]], 0)!.region;
    };
    for (const id of ['relu', 'bn', 'sum', 'concat']) expect(of(id)).toEqual(region);
    expect(of('blocks')).toEqual({ rows: [2, 6], columns: [0, 4] });
  });
});

describe('regions', () => {
  const region = regionIn([12, 12, 1]);

  it('the common part lies in both, and the hull around both', () => {
    fc.assert(
      fc.property(region, region, (a, b) => {
        const common = intersect(a, b);
        if (!isEmpty(common)) expect(contains(a, common) && contains(b, common)).toBe(true);
        expect(contains(bounding(a, b), a) && contains(bounding(a, b), b)).toBe(true);
      }),
    );
  });

  it('areas count pixels', () => {
    fc.assert(
      fc.property(region, region, (a, b) => {
        const inside = (r: Region, row: number, column: number) =>
          row >= r.rows[0] && row < r.rows[1] && column >= r.columns[0] && column < r.columns[1];
        let both = 0;
        for (let row = 0; row < 12; row++)
          for (let column = 0; column < 12; column++)
            if (inside(a, row, column) && inside(b, row, column)) both++;
        expect(areaOf(intersect(a, b))).toBe(both);
      }),
    );
  });
});
