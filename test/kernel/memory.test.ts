import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lowerWhole, memoryMoments, peakMemory, units } from '../../src/kernel/index.js';
import { NetworkBuilder, zooNetwork } from '../../src/network/index.js';
import { randomNetwork } from '../support/random-network.js';

it('the peak of a chain is its largest neighbouring pair: worked by hand', () => {
  const b = new NetworkBuilder('chain');
  let x = b.input([8, 8, 3]); // 192 numbers
  x = b.relu(b.batchNorm(b.conv2d(x, { filters: 4, kernel: 3 }))); // 256, one unit
  x = b.maxPool(x, { kernel: 2 }); // 64
  x = b.flatten(x); // the same 64
  const chain = b.build(b.dense(x, { units: 10 }));
  expect(memoryMoments(chain).map((moment) => moment.bytes / 4)).toEqual([192, 448, 320, 64, 74]);
  expect(peakMemory(chain)).toMatchObject({ bytes: 4 * 448, unit: { output: 'relu1' } });
});

it('a shortcut lives until it is added: worked by hand', () => {
  const b = new NetworkBuilder('residual');
  const x = b.input([4, 4, 1], 'x'); // 16
  const y = b.conv2d(x, { filters: 2, kernel: 1, name: 'y' }); // 32
  const z = b.conv2d(y, { filters: 1, kernel: 1, name: 'z' }); // 16
  const residual = b.build(b.sum([z, x], 'sum')); // 16
  expect(memoryMoments(residual).map((moment) => moment.bytes / 4)).toEqual([16, 48, 64, 48]);
});

it('the output lives to the end even if it is also read by what nobody wants', () => {
  const b = new NetworkBuilder('early');
  const x = b.conv2d(b.input([2, 2, 1]), { filters: 1, kernel: 1 }); // 4
  b.conv2d(x, { filters: 8, kernel: 1 }); // 32
  expect(memoryMoments(b.build(x)).map((moment) => moment.bytes / 4)).toEqual([4, 8, 36]);
});

it('what lives inside a lowered network is never more than what lives in all', () => {
  fc.assert(
    fc.property(randomNetwork(), (network) => {
      const peak = peakMemory(network).bytes;
      expect(lowerWhole(network).transientBytes).toBeLessThanOrEqual(peak);
      for (const moment of memoryMoments(network)) expect(moment.bytes).toBeGreaterThan(0);
      expect(memoryMoments(network)).toHaveLength(units(network).length);
    }),
  );
});

it('VGG-16 is largest at its second convolution: two maps of 224x224x64', () => {
  expect(peakMemory(zooNetwork('vgg16'))).toMatchObject({
    bytes: 2 * 224 * 224 * 64 * 4,
    unit: { output: 'block1/relu2' },
  });
});
