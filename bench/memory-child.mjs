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
const { peakBytes } = await tf.profile(() => {
  whole.run(input);
  return [];
});
process.stdout.write(JSON.stringify({ peak, tensors: peakBytes }));
