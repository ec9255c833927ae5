import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationPeak, foldedWeightBytes } from '../../src/kernel/index.js';
import { type Network, zooNetwork } from '../../src/network/index.js';
import {
  type Backend,
  type BackendName,
  openBackend,
  prepareWhole,
  watchTensors,
} from '../../src/runtime/index.js';
import { everyLayer } from '../support/every-layer.js';
import { withoutNative } from '../support/native.js';
import { randomNetwork } from '../support/random-network.js';

/** What a backend holds for tensors at most during an inference, weights included, and what it holds after it. */
function heldPeak(network: Network, backend: Backend): number {
  const watch = watchTensors(backend);
  const whole = prepareWhole(network, { seed: 1, backend });
  try {
    const input = inputOf(network);
    whole.run(input);
    // Now all weights are there, and nothing else.
    watch.restart();
    whole.run(input);
    return watch.peak;
  } finally {
    whole.dispose();
    expect(watch.live).toBe(0);
    watch.stop();
  }
}

function inputOf(network: Network): Float32Array {
  const [height, width, channels] = network.shapes.get(network.inputs[0]!)!;
  return new Float32Array(height * width * channels).fill(0.5);
}

function predictedPeak(network: Network, backend: BackendName): number {
  return foldedWeightBytes(network) + activationPeak(network, backend);
}

describe.each<[BackendName, string]>([
  ['tfjs-wasm', ''],
  ['tfjs-cpu', ''],
  ['tfjs-node', withoutNative],
])("the peak of a network's tensors on %s%s is, to the byte, what the backend holds", (name, without) => {
  it.skipIf(without)('of random networks', async () => {
    const backend = await openBackend(name);
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        expect(predictedPeak(network, name)).toBe(heldPeak(network, backend));
      }),
      { numRuns: 100 },
    );
  });

  it.skipIf(without).each(everyLayer())('of a network of %s', async (_, network) => {
    expect(predictedPeak(network, name)).toBe(heldPeak(network, await openBackend(name)));
  });

  it.skipIf(without).each<[string, { readonly input?: number }]>([
    ['lenet5', {}],
    ['ds-cnn-s', {}],
    ['resnet8', {}],
    ['wrn-16-1', {}],
    ['mobilenet-v1-0.25', { input: 96 }],
    ['mobilenet-v2-0.35', { input: 64 }],
    ['squeezenet-1.1', { input: 64 }],
    ['shufflenet-v1-g3', { input: 64 }],
  ])('of %s', async (zoo, size) => {
    const network = zooNetwork(zoo, size);
    expect(predictedPeak(network, name)).toBe(heldPeak(network, await openBackend(name)));
  });
});

describe('what a backend holds for tensors', () => {
  it('is on wasm what is allocated in its memory', async () => {
    const backend = await openBackend('tfjs-wasm');
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        expect(allocatedPeak(network, backend)).toBe(heldPeak(network, backend));
      }),
      { numRuns: 30 },
    );
  });

  it.skipIf(withoutNative)(`counts native tensors of another shape once${withoutNative}`, async () => {
    const watch = watchTensors(await openBackend('tfjs-node'));
    const map = tf.relu(tf.ones([4, 6]));
    const before = watch.live;
    const other = tf.reshape(map, [24]);
    expect(watch.live).toBe(before);
    map.dispose();
    expect(watch.live).toBe(before);
    other.dispose();
    expect(watch.live).toBe(before - 96);
    watch.stop();
  });
});

interface Heap {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** What tfjs allocates for tensors at most during an inference, weights included, as its wasm backend asks for it. */
function allocatedPeak(network: Network, backend: Backend): number {
  const { wasm } = tf.backend() as unknown as { readonly wasm: Heap };
  // Their first calls put the functions themselves in their place.
  wasm._free(wasm._malloc(4));
  const { _malloc, _free } = wasm;
  const sizes = new Map<number, number>();
  let live = 0;
  let most = 0;
  wasm._malloc = (bytes) => {
    const address = _malloc(bytes);
    sizes.set(address, bytes);
    live += bytes;
    most = Math.max(most, live);
    return address;
  };
  wasm._free = (address) => {
    live -= sizes.get(address) ?? 0;
    sizes.delete(address);
    _free(address);
  };
  const whole = prepareWhole(network, { seed: 1, backend });
  try {
    whole.run(inputOf(network));
    most = live;
    whole.run(inputOf(network));
    return most;
  } finally {
    whole.dispose();
    wasm._malloc = _malloc;
    wasm._free = _free;
  }
}
