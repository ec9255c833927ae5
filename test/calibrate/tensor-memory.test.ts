import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { networkMemory } from '../../src/device/index.js';
import { type Network, zooNetwork } from '../../src/network/index.js';
import { type Backend, openBackend, prepareWhole } from '../../src/runtime/index.js';

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('tfjs-wasm');
});

interface Heap {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** What tfjs allocates for tensors at most during an inference, weights included, as its wasm backend asks for it. */
function allocatedPeak(network: Network): number {
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
  const [height, width, channels] = network.shapes.get(network.inputs[0]!)!;
  const input = new Float32Array(height * width * channels).fill(0.5);
  try {
    whole.run(input);
    // Now all weights are there, and nothing else.
    most = live;
    whole.run(input);
    return most;
  } finally {
    whole.dispose();
    wasm._malloc = _malloc;
    wasm._free = _free;
  }
}

describe("the peak of a network's tensors", () => {
  it.each<[string, { readonly input?: number }]>([
    ['lenet5', {}],
    ['ds-cnn-s', {}],
    ['resnet8', {}],
    ['wrn-16-1', {}],
    ['mobilenet-v1-0.25', { input: 96 }],
    ['mobilenet-v2-0.35', { input: 64 }],
    ['squeezenet-1.1', { input: 64 }],
    ['shufflenet-v1-g3', { input: 64 }],
  ])('of %s is, to the byte, what tfjs allocates', (name, size) => {
    const network = zooNetwork(name, size);
    const { convolutions, others, maps } = networkMemory(network);
    expect(allocatedPeak(network)).toBe(convolutions + others + maps);
  });
});
