import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakMemory, unitsByOutput, unitWeightBytes } from '../../../src/kernel/index.js';
import { costOf, dequantise, quantise, zooNetwork } from '../../../src/network/index.js';
import { executeWhole, openBackend } from '../../../src/runtime/index.js';
import { relativeError } from '../../support/network-file.js';
import { waves } from '../../support/onnx-file.js';

describe('quantisation by output channel', () => {
  it('is at most half a scale away from every number, and exact at the largest of each channel', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.float({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 20, maxLength: 80 }),
        (channels, run, numbers) => {
          const kernel = Float32Array.from(numbers);
          const quantised = quantise(kernel, channels, run);
          const back = dequantise(quantised);
          const scaleAt = (index: number) => quantised.scales[Math.floor(index / run) % channels]!;
          // A channel of nothing but subnormal numbers has a scale that no float32 holds.
          for (const [index, value] of kernel.entries())
            expect(Math.abs(back[index]! - value)).toBeLessThanOrEqual(0.5001 * scaleAt(index));
        },
      ),
    );
  });

  it('reaches the largest weight of a channel of subnormal numbers', () => {
    const kernel = Float32Array.of(178 * 2 ** -149, 2 ** -149);
    const { scales } = quantise(kernel, 1);
    expect(Math.abs(dequantise(quantise(kernel, 1))[0]! - kernel[0]!)).toBeLessThanOrEqual(scales[0]! / 2);
  });

  it('gives each channel its own scale', () => {
    const { values, scales } = quantise(Float32Array.of(1, 100, -0.4, 25.2, 0.25, -100), 2);
    expect([...scales]).toEqual([Math.fround(1 / 127), Math.fround(100 / 127)]);
    expect([...values]).toEqual([127, 127, -51, 32, 32, -127]);
  });

  it('leaves a channel of zeros at zero', () => {
    expect([...dequantise(quantise(new Float32Array(6), 3))]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('an int8 network', () => {
  const network = zooNetwork('lenet5');
  const small = { ...network, dtype: 'int8' as const };

  it('costs a byte for each number of a kernel, and four for each scale, bias and normalisation', () => {
    // LeNet-5: kernels of 5*5*1*6, 5*5*6*16, 400*120, 120*84 and 84*10; 6 + 16 + 120 + 84 + 10 outputs.
    const kernels = 150 + 2400 + 48_000 + 10_080 + 840;
    const outputs = 236;
    expect(costOf(network).weightBytes).toBe(4 * (kernels + outputs));
    expect(costOf(small).weightBytes).toBe(kernels + 4 * outputs + 4 * outputs);
    const held = [...unitsByOutput(small).values()].reduce(
      (sum, unit) => sum + unitWeightBytes(small, unit),
      0,
    );
    expect(held).toBe(costOf(small).weightBytes);
    expect(peakMemory(small)).toEqual(peakMemory(network));
  });

  it('is executed with the numbers that its bytes stand for: near to float32, and not the same', async () => {
    const backend = await openBackend('tfjs-wasm');
    const run = (which: typeof network) => executeWhole(which, waves(28 * 28), { seed: 1, backend });
    const error = relativeError(run(small), run(network));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.05);
  });
});
