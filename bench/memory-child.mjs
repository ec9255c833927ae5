// One network in a process of its own: node memory-child.mjs BACKEND THREADS NETWORK. Prints what it held, as JSON.
import { residentPeak } from '../dist/foundation/index.js';
import { namedNetwork } from '../dist/network/index.js';
import { openBackend, prepareWhole, watchTensors } from '../dist/runtime/index.js';

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
// Before tensors are watched, which takes memory too.
const peak = residentPeak();
process.stdout.write(JSON.stringify({ peak, tensors: heldPeak() }));

/** What the backend holds for tensors at most during an inference. */
function heldPeak() {
  const watch = watchTensors(backend);
  // A network of its own, so that its weights are seen too.
  const watched = prepareWhole(network, { seed: 1, backend });
  watched.run(input);
  // Weights and their packing come in with the first inference; the second shows activations beside all of them.
  watch.restart();
  watched.run(input);
  return watch.peak;
}
