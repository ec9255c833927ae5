// Run as a process of its own: node memory-probe.js BACKEND THREADS NAME BYTES. Prints what its network holds, and the most
// bytes that the process had resident, as JSON.
import { networkMemory } from '../device/index.js';
import { residentPeak } from '../foundation/index.js';
import { activationPeak } from '../kernel/index.js';
import { type Id, type Network, NetworkBuilder } from '../network/index.js';
import { type BackendName, openBackend, prepareWhole } from '../runtime/index.js';
import type { ProbeName } from './memory.js';

/** A process grows for a while: its heap is enlarged as it is used. */
const SECONDS = 0.5;

/** Networks that hold mostly one kind of thing, about so many bytes of it. */
const networks: Readonly<Record<ProbeName, (bytes: number) => Network>> = {
  small: () => stack([16, 16, 8], 6, (b, x) => b.relu(b.batchNorm(b.conv2d(x, { filters: 16, kernel: 3 })))),
  convolutions: (bytes) =>
    stack([4, 4, 512], Math.ceil(bytes / (512 * 512 * 9 * 4)), (b, x) =>
      b.relu(b.batchNorm(b.conv2d(x, { filters: 512, kernel: 3 }))),
    ),
  dense: (bytes) =>
    stack([1, 1, 1024], Math.ceil(bytes / (1024 * 1024 * 4)), (b, x) => b.relu(b.dense(x, { units: 1024 }))),
  // Two maps of 256x256 live at once.
  maps: (bytes) => {
    const filters = Math.ceil(bytes / (2 * 256 * 256 * 4));
    return stack([256, 256, 3], 4, (b, x) => b.relu(b.conv2d(x, { filters, kernel: 3 })));
  },
};

function stack(
  input: readonly [height: number, width: number, channels: number],
  layers: number,
  layer: (builder: NetworkBuilder, from: Id) => Id,
): Network {
  const builder = new NetworkBuilder('probe');
  let last = builder.input([...input]);
  for (let index = 0; index < layers; index++) last = layer(builder, last);
  return builder.build(builder.globalAvgPool(last));
}

const [backendName, threads, name, bytes] = process.argv.slice(2);
const backend = await openBackend(backendName as BackendName, { threads: Number(threads) });
const network = networks[name as ProbeName](Number(bytes));
const whole = prepareWhole(network, { seed: 1, backend });
const [height, width, channels] = network.shapes.get(network.inputs[0]!)!;
const input = new Float32Array(height * width * channels).fill(0.5);
const begun = performance.now();
do whole.run(input);
while (performance.now() - begun < SECONDS * 1000);
const peak = residentPeak();
const memory = networkMemory(network, activationPeak(network, backend.name));
process.stdout.write(JSON.stringify({ peak, ...memory }));
