import { zooNetwork } from '../dist/network/index.js';
import { least, openBackend, prepareWhole, timeInterleaved } from '../dist/runtime/index.js';
import { bareNetwork } from './bare-network.mjs';

/** Small networks, where overhead shows most, and some that are not. */
const networks = ['lenet5', 'wrn-16-1', 'mobilenet-v1-0.25', 'wrn-16-2', 'wrn-40-2', 'mobilenet-v1'];
const SEED = 1;
const rounds = { most: 2000, least: 20, seconds: 4 };

/** @returns seconds of each network through nonn's runtime and as bare calls, by the least time of interleaved runs. */
export async function measure(values, number) {
  const name = values.backend ?? 'tfjs-wasm';
  const threads = values.threads === undefined ? undefined : number('threads', 1);
  const backend = await openBackend(name, { threads });
  const rows = networks.map((id) => {
    const network = zooNetwork(id);
    const length = network.shapes.get(network.inputs[0]).reduce((product, size) => product * size, 1);
    const input = Float32Array.from({ length }, (_, index) => (index % 255) / 255);
    const runtime = prepareWhole(network, { seed: SEED, backend });
    const bare = bareNetwork(network, SEED);
    if (!Buffer.from(runtime.run(input).buffer).equals(Buffer.from(bare.run(input).buffer)))
      throw new Error(`bench overhead: found other numbers from bare calls for ${id}, expected the same`);
    // Each of the two is first once in a round: what runs after the other finds other caches.
    const runs = [runtime, bare, bare, runtime].map((one) => ({ run: () => one.run(input) }));
    const [first, second, third, fourth] = timeInterleaved(runs, rounds).map(least);
    const [throughRuntime, bareCalls] = [Math.min(first, fourth), Math.min(second, third)];
    runtime.dispose();
    bare.dispose();
    return { network: id, runtime: throughRuntime, bare: bareCalls, ratio: throughRuntime / bareCalls };
  });
  return { backend: backend.name, threads: backend.threads, networks: rows };
}

/** @returns rows of a table. */
export function describe({ backend, threads, networks: rows }) {
  const cells = (values) => values.map((value) => value.padStart(14)).join('');
  const time = (seconds) => `${(seconds * 1e3).toFixed(3)} ms`;
  return [
    [`${backend}, ${threads} thread${threads === 1 ? '' : 's'}`, cells(['nonn', 'bare tfjs', 'ratio'])],
    ...rows.map(({ network, runtime, bare, ratio }) => [
      network,
      cells([time(runtime), time(bare), ratio.toFixed(3)]),
    ]),
  ];
}
