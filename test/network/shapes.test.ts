import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, type Network, NetworkBuilder, type Padding } from '../../src/network/index.js';

const size = fc.integer({ min: 1, max: 40 });
const kernel = fc.integer({ min: 1, max: 7 });
const stride = fc.integer({ min: 1, max: 4 });
const channels = fc.integer({ min: 1, max: 8 });

function one(
  shape: readonly [number, number, number],
  add: (b: NetworkBuilder, x: string) => string,
): Network {
  const b = new NetworkBuilder('one');
  return b.build(add(b, b.input(shape)));
}

const outputOf = (network: Network) => network.shapes.get(network.output)!;

describe('shape inference', () => {
  it('`same` gives ceil(size / stride), whatever the kernel', () => {
    fc.assert(
      fc.property(size, size, kernel, stride, channels, (height, width, kernel, stride, filters) => {
        const network = one([height, width, 3], (b, x) => b.conv2d(x, { filters, kernel, stride }));
        expect(outputOf(network)).toEqual([Math.ceil(height / stride), Math.ceil(width / stride), filters]);
      }),
    );
  });

  it('`valid` gives the number of windows that fit, counted one by one', () => {
    fc.assert(
      fc.property(size, kernel, stride, channels, (height, kernel, stride, depth) => {
        fc.pre(height >= kernel);
        let windows = 0;
        for (let from = 0; from + kernel <= height; from += stride) windows++;
        const network = one([height, height, depth], (b, x) => b.maxPool(x, { kernel, stride }));
        expect(outputOf(network)).toEqual([windows, windows, depth]);
      }),
    );
  });

  it('explicit padding gives what `valid` gives on the padded map', () => {
    fc.assert(
      fc.property(size, kernel, stride, fc.nat(6), fc.nat(6), (height, kernel, stride, top, bottom) => {
        fc.pre(top < kernel && bottom < kernel && height + top + bottom >= kernel);
        const padding: Padding = { top, bottom, left: top, right: bottom };
        const padded = height + top + bottom;
        const conv = (from: number, padding: Padding) =>
          outputOf(one([from, from, 1], (b, x) => b.depthwiseConv2d(x, { kernel, stride, padding })));
        expect(conv(height, padding)).toEqual(conv(padded, 'valid'));
      }),
    );
  });

  it('everything else follows from its definition', () => {
    expect(outputOf(one([4, 6, 3], (b, x) => b.flatten(x)))).toEqual([1, 1, 72]);
    expect(outputOf(one([4, 6, 3], (b, x) => b.globalAvgPool(x)))).toEqual([1, 1, 3]);
    expect(outputOf(one([4, 6, 3], (b, x) => b.dense(x, { units: 5 })))).toEqual([1, 1, 5]);
    expect(outputOf(one([4, 6, 3], (b, x) => b.spaceToDepth(x, 2)))).toEqual([2, 3, 12]);
    expect(outputOf(one([4, 6, 3], (b, x) => b.upsample(x, [2, 3], 'bilinear')))).toEqual([8, 18, 3]);
    expect(outputOf(one([4, 6, 3], (b, x) => b.concat([x, b.relu(x), x])))).toEqual([4, 6, 9]);
    expect(outputOf(one([4, 6, 3], (b, x) => b.depthwiseConv2d(x, { kernel: 3, multiplier: 2 })))).toEqual([
      4, 6, 6,
    ]);
  });
});

describe('costs', () => {
  it('of a convolution are its closed forms', () => {
    fc.assert(
      fc.property(
        size,
        kernel,
        stride,
        channels,
        channels,
        fc.boolean(),
        (side, kernel, stride, depth, filters, bias) => {
          const network = one([side, side, depth], (b, x) => b.conv2d(x, { filters, kernel, stride, bias }));
          const pixels = Math.ceil(side / stride) ** 2;
          const weights = kernel ** 2 * depth * filters;
          expect(costOf(network)).toMatchObject({
            parameters: weights + (bias ? filters : 0),
            macs: pixels * weights,
            flops: 2 * pixels * weights + (bias ? pixels * filters : 0),
            weightBytes: 4 * (weights + (bias ? filters : 0)),
          });
        },
      ),
    );
  });

  it('of a grouped convolution are those of its groups', () => {
    const whole = costOf(one([5, 5, 4], (b, x) => b.conv2d(x, { filters: 6, kernel: 3, groups: 2 })));
    const group = costOf(one([5, 5, 2], (b, x) => b.conv2d(x, { filters: 3, kernel: 3 })));
    expect([whole.parameters, whole.macs, whole.flops]).toEqual([
      2 * group.parameters,
      2 * group.macs,
      2 * group.flops,
    ]);
  });

  it('count only convolutions and dense layers as multiply-adds, and moving statistics as not trainable', () => {
    const found = costOf(
      one([4, 4, 2], (b, x) => b.softmax(b.globalAvgPool(b.maxPool(b.relu(b.batchNorm(x)), { kernel: 2 })))),
    );
    expect(found).toMatchObject({ macs: 0, parameters: 8, trainableParameters: 4 });
    // 32 elements twice for the scale and offset, once for ReLU; 8 maxima of 4; 2 means of 4; 2 of softmax's 3.
    expect(found.flops).toBe(64 + 32 + 32 + 8 + 6);
  });
});
