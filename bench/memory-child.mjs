// One network in a process of its own: node memory-child.mjs BACKEND THREADS NETWORK. Prints what it held, as JSON.
import * as tf from '@tensorflow/tfjs-core';
import { namedNetwork } from '../dist/network/index.js';
import { openBackend, prepareWhole } from '../dist/runtime/index.js';

const SECONDS = 0.5;

const [backendName, threads, name] = process.argv.slice(2);
const backend = await openBackend(backendName, { threads: Number(threads) });
const network = namedNetwork(name);
const whole = prepareWhole(network, { seed: 1, backend });
const [height, width, channels] = network.shapes.get(network.inputs[0]);
const input = new Float32Array(height * width * channels).fill(0.5);
const begun = performance.now();
do whole.run(input);
while (performance.now() - begun < SECONDS * 1000);
// Before tfjs is asked to watch its tensors, which takes memory too.
const peak = process.resourceUsage().maxRSS * 1024;
const tensors = backendName === 'tfjs-wasm' ? allocatedPeak() : await countedPeak();
process.stdout.write(JSON.stringify({ peak, tensors }));

/** What tfjs has allocated for tensors in the wasm memory at most, as its backend asks for it and gives it back. */
function allocatedPeak() {
  const { wasm } = tf.backend();
  const { _malloc, _free } = wasm;
  const sizes = new Map();
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
  // A network of its own, so that its weights are seen too.
  const watched = prepareWhole(network, { seed: 1, backend });
  watched.run(input);
  // Weights and their packing come in with the first inference; the second shows activations beside all of them.
  most = live;
  watched.run(input);
  return most;
}

/** What tfjs counts: also tensors inside of kernels that are made of several, and other names of the same numbers. */
async function countedPeak() {
  const { peakBytes } = await tf.profile(() => {
    whole.run(input);
    return [];
  });
  return peakBytes;
}
