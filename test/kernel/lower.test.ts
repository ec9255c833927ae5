import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import {
  type Held,
  isGiven,
  isSplittable,
  type Kernel,
  lower,
  lowerWhole,
  neededInputs,
  requiredRegions,
  unitInputs,
  units,
} from '../../src/kernel/index.js';
import {
  contains,
  costOf,
  type LayerKind,
  type Network,
  NetworkBuilder,
  type Range,
  type Region,
  sameRegion,
  wholeOf,
  zooNames,
  zooNetwork,
} from '../../src/network/index.js';
import { randomNetwork } from '../support/random-network.js';

const held = (network: Network, layer: string): Held => ({
  layer,
  region: wholeOf(network.shapes.get(layer)!),
});
const macsOf = (kernels: readonly Kernel[]) => kernels.reduce((sum, kernel) => sum + kernel.macs, 0);
const families = (kernels: readonly Kernel[]) => kernels.map((kernel) => kernel.family);

describe('a whole network lowered', () => {
  it('does the multiply-adds that it costs, copies nothing, and computes each layer once', () => {
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        const { kernels } = lowerWhole(network);
        expect(macsOf(kernels)).toBe(costOf(network).macs);
        expect(families(kernels)).not.toContain('gather');
        const computed = kernels.flatMap((kernel) => kernel.layers);
        expect(new Set(computed).size).toBe(computed.length);
        const silent: LayerKind[] = ['input', 'constant', 'flatten', 'dropout'];
        const named = network.layers.filter((layer) => !silent.includes(layer.kind));
        expect([...computed].sort()).toEqual(named.map((layer) => layer.id).sort());
      }),
    );
  });

  it.each(zooNames())('%s does the multiply-adds that it costs', (name) => {
    const network = zooNetwork(name);
    expect(macsOf(lowerWhole(network).kernels)).toBe(costOf(network).macs);
  });
});

/** A random network, one of its units that can be split, and where to cut its rows and columns. */
const split = fc
  .record({ network: randomNetwork(), pick: fc.nat(1000), row: fc.nat(1000), column: fc.nat(1000) })
  .map(({ network, pick, row, column }) => {
    const candidates = units(network).filter((unit) => !isGiven(unit.anchor) && isSplittable(network, unit));
    if (candidates.length === 0) return undefined;
    const unit = candidates[pick % candidates.length]!;
    const [height, width] = network.shapes.get(unit.output)!;
    const cut = (size: number, at: number): Range[] =>
      size === 1
        ? [[0, 1]]
        : [
            [0, 1 + (at % (size - 1))],
            [1 + (at % (size - 1)), size],
          ];
    const parts = cut(height, row).flatMap((rows) =>
      cut(width, column).map((columns): Region => ({ rows, columns })),
    );
    return { network, unit, parts };
  })
  .filter((found) => found !== undefined);

describe('a layer in pieces', () => {
  it('does the same work as the whole layer, whatever the cut', () => {
    fc.assert(
      fc.property(split, ({ network, unit, parts }) => {
        const reads = [...new Set(unitInputs(unit))].map((layer) => held(network, layer));
        const of = (region: Region) =>
          macsOf(lower(network, reads, [{ layer: unit.output, region }]).kernels);
        const whole = of(wholeOf(network.shapes.get(unit.output)!));
        expect(parts.reduce((sum, region) => sum + of(region), 0)).toBe(whole);
      }),
    );
  });

  it('needs of the network’s input at most what the whole layer needs, which is all of it', () => {
    fc.assert(
      fc.property(split, ({ network, unit, parts }) => {
        const input = network.inputs[0]!;
        const of = (region: Region) =>
          requiredRegions(network, [input], [{ layer: unit.output, region }]).get(input)!;
        const whole = of(wholeOf(network.shapes.get(unit.output)!));
        expect(sameRegion(whole, wholeOf(network.shapes.get(input)!))).toBe(true);
        for (const part of parts) expect(contains(whole, of(part))).toBe(true);
      }),
    );
  });

  it('needs through several layers what each needs of the one before', () => {
    fc.assert(
      fc.property(split, ({ network, unit, parts }) => {
        for (const region of parts) {
          const required = requiredRegions(network, network.inputs, [{ layer: unit.output, region }]);
          for (const through of units(network)) {
            const output = required.get(through.output);
            if (output === undefined || isGiven(through.anchor)) continue;
            for (const [index, needed] of neededInputs(network, through, output).entries())
              expect(contains(required.get(unitInputs(through)[index]!)!, needed.region)).toBe(true);
          }
        }
      }),
    );
  });

  it('can be lowered from just what it needs of the input', () => {
    fc.assert(
      fc.property(split, ({ network, unit, parts }) => {
        for (const region of parts) {
          const writes = [{ layer: unit.output, region }];
          const input = network.inputs[0]!;
          const needed = requiredRegions(network, [input], writes).get(input)!;
          const found = lower(network, [{ layer: input, region: needed }], writes);
          expect(sameRegion(found.tensors[found.writes[0]!]!.region, region)).toBe(true);
        }
      }),
    );
  });
});

/** Input 8x8x1, a 3x3 convolution to 2, ReLU, a 2x2 pool, and a 3x3 convolution to 1. */
function chain(): Network {
  const b = new NetworkBuilder('chain');
  const x = b.relu(b.conv2d(b.input([8, 8, 1], 'x'), { filters: 2, kernel: 3, name: 'a' }), 'relu');
  return b.build(b.conv2d(b.maxPool(x, { kernel: 2, name: 'pool' }), { filters: 1, kernel: 3, name: 'b' }));
}

describe('a small chain, worked by hand', () => {
  it('whole: three kernels, and at most the activation and the pooled map live inside', () => {
    const found = lowerWhole(chain());
    expect(found.kernels.map((kernel) => [kernel.layers, kernel.macs, kernel.flops, kernel.bytes])).toEqual([
      // 64 pixels, 2 filters of 9 weights and a bias, and ReLU.
      [['a', 'relu'], 64 * 2 * 9, 64 * 2 * (18 + 1 + 1), 4 * (64 + 18 + 2 + 128)],
      [['pool'], 0, 16 * 2 * 4, 4 * (128 + 32)],
      [['b'], 16 * 18, 16 * (36 + 1), 4 * (32 + 18 + 1 + 16)],
    ]);
    expect(found.transientBytes).toBe(4 * (128 + 32));
    expect(found.kernels[0]!.key).toBe(
      'conv2d(height=8,width=8,channels=1,kernelHeight=3,kernelWidth=3,strideHeight=1,strideWidth=1,padTop=1,padBottom=1,padLeft=1,padRight=1,groups=1,outHeight=8,outWidth=8,filters=2,bias=1,activation=1)',
    );
  });

  it('the last row of output: rows 2 and 3 of the pool, 4 to 7 of the activation, 3 to 7 of the input', () => {
    const last: Region = { rows: [3, 4], columns: [0, 4] };
    const needed = requiredRegions(chain(), ['x'], [{ layer: 'b', region: last }]);
    expect(Object.fromEntries([...needed].map(([layer, region]) => [layer, region.rows]))).toEqual({
      b: [3, 4],
      pool: [2, 4],
      relu: [4, 8],
      x: [3, 8],
    });
    const { kernels } = lower(
      chain(),
      [{ layer: 'x', region: needed.get('x')! }],
      [{ layer: 'b', region: last }],
    );
    expect(kernels.map((kernel) => kernel.macs)).toEqual([4 * 8 * 18, 0, 4 * 18]);
    expect(kernels[0]!.shape).toMatchObject({ height: 5, padTop: 0, padBottom: 1, outHeight: 4 });
  });

  it('what is read is not computed again', () => {
    const network = chain();
    expect(families(lower(network, [held(network, 'pool')], [held(network, 'b')]).kernels)).toEqual([
      'conv2d',
    ]);
  });

  it('two strips are joined into what is needed', () => {
    const network = chain();
    const strips = (
      [
        [0, 1],
        [1, 4],
      ] as const
    ).map((rows): Held => ({ layer: 'pool', region: { rows, columns: [0, 4] } }));
    const found = lower(network, strips, [held(network, 'b')]);
    expect(families(found.kernels)).toEqual(['gather', 'conv2d']);
    expect(found.transientBytes).toBe(4 * 32);
  });

  it('bytes of an image are cut first, and then become numbers', () => {
    const network = chain();
    const image: Held = { ...held(network, 'x'), dtype: 'uint8' };
    expect(families(lower(network, [image], [held(network, 'b')]).kernels)[0]).toBe('dequantise');
    const part = lower(network, [image], [{ layer: 'b', region: { rows: [3, 4], columns: [0, 4] } }]);
    expect(families(part.kernels).slice(0, 2)).toEqual(['gather', 'dequantise']);
    // 5 rows of 8 bytes and their numbers; then the numbers and 4 rows of 2 channels; then the pool's.
    expect(part.transientBytes).toBe(4 * (5 * 8 + 4 * 8 * 2));
  });
});

it('a strided window that leaves the last row unread reads the map as it is, and its part without a copy', () => {
  const b = new NetworkBuilder('shortcut');
  const x = b.input([8, 8, 3], 'x');
  const network = b.build(b.conv2d(x, { filters: 1, kernel: 1, stride: 2, name: 'c' }));
  expect(lowerWhole(network).kernels[0]!.shape).toMatchObject({ height: 8, width: 8, outHeight: 4 });
  const upper: Held = { layer: 'x', region: { rows: [0, 4], columns: [0, 8] } };
  const found = lower(network, [upper], [{ layer: 'c', region: { rows: [0, 2], columns: [0, 4] } }]);
  expect(families(found.kernels)).toEqual(['conv2d']);
  expect(found.kernels[0]!.shape).toMatchObject({ height: 4, outHeight: 2 });
});

describe('a demand that cannot be met is answered in a sentence', () => {
  const network = chain();
  const upper: Held = { layer: 'pool', region: { rows: [0, 2], columns: [0, 4] } };

  it('nothing to compute from', () => {
    expect(() => lower(network, [], [held(network, 'b')])).toThrow(
      new NonnError('network chain: found no piece of input "x" among what is read, expected one'),
    );
  });

  it('pieces with a gap', () => {
    expect(() => lower(network, [upper], [held(network, 'b')])).toThrow(
      new NonnError('network chain: found pieces that cover 8 of 16 pixels of "pool", expected all of them'),
    );
  });

  it('a layer that is fused into another', () => {
    expect(() => lower(network, [held(network, 'x')], [held(network, 'a')])).toThrow(
      new NonnError('network chain: found a demand for "a", expected the last layer of a fused unit'),
    );
  });

  it('a part of what cannot be split', () => {
    const b = new NetworkBuilder('enlarged');
    const large = b.build(b.upsample(b.input([2, 2, 1], 'x'), 2, 'bilinear', 'up'));
    const part: Held = { layer: 'up', region: { rows: [0, 2], columns: [0, 4] } };
    expect(() => lower(large, [held(large, 'x')], [part])).toThrow(
      new NonnError(
        'network enlarged: found a part of "up" asked for, expected all of it, since upsample cannot be split',
      ),
    );
  });
});

describe('units', () => {
  const layersOf = (network: Network) => units(network).map((unit) => unit.layers.map((layer) => layer.id));

  it('hold each layer once, in an order in which each comes after its inputs', () => {
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        const list = units(network);
        expect(list.flatMap((unit) => unit.layers.map((layer) => layer.id)).sort()).toEqual(
          network.layers.map((layer) => layer.id).sort(),
        );
        const done = new Set<string>();
        for (const unit of list) {
          for (const input of unitInputs(unit)) expect(done.has(input)).toBe(true);
          done.add(unit.output);
        }
        expect(done.has(network.output)).toBe(true);
      }),
    );
  });

  it('fold a normalisation and fuse an activation, if nobody else reads what lies between', () => {
    const b = new NetworkBuilder('fused');
    const x = b.conv2d(b.input([4, 4, 1], 'x'), { filters: 1, kernel: 1, name: 'conv' });
    const network = b.build(b.relu(b.batchNorm(x, 'bn'), 'relu'));
    expect(layersOf(network)).toEqual([['x'], ['conv', 'bn', 'relu']]);
  });

  it('end before what somebody else reads, and before an activation that the backend cannot fuse', () => {
    const b = new NetworkBuilder('apart');
    const conv = b.conv2d(b.input([4, 4, 1], 'x'), { filters: 1, kernel: 1, name: 'conv' });
    const bn = b.batchNorm(conv, 'bn');
    const tanh = b.activation(
      b.dense(b.sum([bn, b.relu(bn, 'relu')], 'sum'), { units: 1, name: 'fc' }),
      'tanh',
      { name: 'tanh' },
    );
    expect(layersOf(b.build(tanh))).toEqual([['x'], ['conv', 'bn'], ['relu'], ['sum'], ['fc'], ['tanh']]);
  });

  it('keep the network’s output apart, even where more layers follow', () => {
    const b = new NetworkBuilder('early');
    const conv = b.conv2d(b.input([4, 4, 1], 'x'), { filters: 1, kernel: 1, name: 'conv' });
    b.relu(conv, 'relu');
    expect(layersOf(b.build(conv))).toEqual([['x'], ['conv'], ['relu']]);
  });
});
