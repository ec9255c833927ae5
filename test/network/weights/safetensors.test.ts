import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonnError, randomStream } from '../../../src/foundation/index.js';
import {
  readSafetensors,
  type StoredWeights,
  safetensors,
  storeWeights,
  withStoredWeights,
  zooNetwork,
} from '../../../src/network/index.js';
import { drawnWeights, executeWhole, openBackend } from '../../../src/runtime/index.js';
import { corruptBytes } from '../../support/corrupt.js';
import { relativeError, written } from '../../support/network-file.js';
import { waves } from '../../support/onnx-file.js';

describe('weights by name', () => {
  it('are written as the format says', () => {
    const bytes = safetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, -2) }]]));
    const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ';
    expect(Buffer.from(bytes).subarray(0, 8).readBigUInt64LE()).toBe(BigInt(header.length));
    expect(
      Buffer.from(bytes)
        .subarray(8, 8 + header.length)
        .toString(),
    ).toBe(header);
    expect([...new Float32Array(bytes.slice(8 + header.length).buffer)]).toEqual([1, -2]);
  });

  it('come back as they were', () => {
    const entry = fc.tuple(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && name !== '__metadata__'),
      fc.array(fc.float({ noNaN: true }), { maxLength: 9 }),
      fc.boolean(),
    );
    const file = written({ 'w.safetensors': '' });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ([name]) => name }), (entries) => {
        const tensors = new Map(
          entries.map(([name, numbers, isByte]) => [
            name,
            { shape: [numbers.length], data: isByte ? Int8Array.from(numbers) : Float32Array.from(numbers) },
          ]),
        );
        writeFileSync(file, safetensors(tensors));
        const found = readSafetensors(file);
        expect([...found.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [name, { data }] of tensors) expect([...found.get(name)!.numbers()]).toEqual([...data]);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['float32', 'int8'] as const)('of a network run as they would in it: %s', async (type) => {
    const network = zooNetwork('lenet5');
    const layers = drawnWeights(1);
    const drawn: StoredWeights = (id) => layers(network, network.byId.get(id)!);
    const file = written({ 'w.safetensors': storeWeights(network, drawn, type) });
    const backend = await openBackend('tfjs-wasm');
    const run = (which: typeof network, seed: number) => executeWhole(which, waves(784), { seed, backend });
    const whole = run({ ...network, dtype: type }, 1);
    // Another seed: every number comes from the file.
    expect(relativeError(run(withStoredWeights(network, file), 2), whole)).toBeLessThan(1e-6);
  });

  it('that belong to another network are refused in one sentence', () => {
    const file = written({
      'w.safetensors': safetensors(new Map([['a/kernel', { shape: [1], data: Float32Array.of(1) }]])),
    });
    expect(() => withStoredWeights(zooNetwork('lenet5'), file)).toThrow(
      /found no tensor of network lenet5, expected names such as \S+\/kernel$/,
    );
  });

  it('of damaged bytes are read or refused in one sentence', () => {
    const random = randomStream(3, 'safetensors');
    const good = safetensors(new Map([['layer/kernel', { shape: [4, 5], data: waves(20) }]]));
    const file = written({ 'w.safetensors': good });
    for (let count = 0; count < 500; count++) {
      writeFileSync(file, corruptBytes(good, random));
      try {
        for (const tensor of readSafetensors(file).values()) tensor.numbers();
      } catch (error) {
        expect(error, readFileSync(file).toString('base64')).toBeInstanceOf(NonnError);
      }
    }
  });
});
