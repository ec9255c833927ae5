import { lowerWhole } from '../dist/kernel/index.js';
import { NetworkBuilder } from '../dist/network/index.js';
import { least, openBackend, prepareKernel, timeInterleaved, use } from '../dist/runtime/index.js';

/** A convolution as networks have it, with bias and ReLU, in its common shapes; a depthwise one, and a dense layer. */
const kernels = [
  ['conv 3x3, 32x32, 64 to 64', [32, 32, 64], (b, x) => b.relu(b.conv2d(x, { filters: 64, kernel: 3 }))],
  ['conv 3x3, 8x8, 256 to 256', [8, 8, 256], (b, x) => b.relu(b.conv2d(x, { filters: 256, kernel: 3 }))],
  ['conv 3x3, 56x56, 64 to 64', [56, 56, 64], (b, x) => b.relu(b.conv2d(x, { filters: 64, kernel: 3 }))],
  ['conv 1x1, 32x32, 64 to 128', [32, 32, 64], (b, x) => b.relu(b.conv2d(x, { filters: 128, kernel: 1 }))],
  ['depthwise 3x3, 56x56x128', [56, 56, 128], (b, x) => b.relu(b.depthwiseConv2d(x, { kernel: 3 }))],
  ['dense, 4096 to 1024', [1, 1, 4096], (b, x) => b.relu(b.dense(x, { units: 1024 }))],
];

/** Native kernels and wasm in turns; plain JavaScript, a hundred times slower, afterwards and a few times only. */
const together = { most: 40, least: 8, seconds: 3 };
const alone = { most: 5, least: 2, seconds: 1 };
const names = ['tfjs-node', 'tfjs-wasm', 'tfjs-cpu'];

/** @returns FLOP/s of each kernel on each backend that works here, by the least time of interleaved runs. */
export async function measure(_values, number) {
  const threads = number('threads', 1);
  const backends = new Map();
  const absent = {};
  for (const name of names) {
    try {
      backends.set(name, await openBackend(name, name === 'tfjs-node' ? { threads } : {}));
    } catch (error) {
      if (error.name !== 'NonnError') throw error;
      absent[name] = error.message;
    }
  }
  const rows = kernels.map(([name, shape, make]) => {
    const b = new NetworkBuilder('bench');
    const [kernel] = lowerWhole(b.build(make(b, b.input(shape)))).kernels;
    const seconds = {
      ...timed(kernel, backends, names.slice(0, 2), together),
      ...timed(kernel, backends, names.slice(2), alone),
    };
    const rates = Object.fromEntries(
      Object.entries(seconds).map(([backend, time]) => [backend, kernel.flops / time]),
    );
    const { 'tfjs-node': native, 'tfjs-wasm': wasm } = rates;
    return {
      kernel: name,
      flops: kernel.flops,
      rates,
      ...(native && wasm ? { nativeOverWasm: native / wasm } : {}),
    };
  });
  return { threads: backends.get('tfjs-node')?.threads ?? null, absent, kernels: rows };
}

/** Least seconds of a kernel on each of some backends, in interleaved rounds. */
function timed(kernel, backends, wanted, rounds) {
  const there = wanted.filter((name) => backends.has(name));
  const runs = there.map((name) => {
    use(backends.get(name));
    const run = prepareKernel(kernel);
    return {
      run() {
        use(backends.get(name));
        run.run();
      },
      dispose: () => run.dispose(),
    };
  });
  try {
    const times = timeInterleaved(runs, rounds).map(least);
    return Object.fromEntries(there.map((name, index) => [name, times[index]]));
  } finally {
    for (const run of runs) run.dispose();
  }
}

/** @returns rows of a table. */
export function describe({ threads, absent, kernels: rows }) {
  const cells = (values) => values.map((value) => String(value).padStart(12)).join('');
  const rate = (value) => (value === undefined ? '-' : (value / 1e9).toPrecision(3));
  return [
    ['GFLOP/s, with bias and ReLU', cells([...names, 'node / wasm'])],
    ...rows.map(({ kernel, rates, nativeOverWasm }) => [
      kernel,
      cells([...names.map((name) => rate(rates[name])), nativeOverWasm?.toFixed(2) ?? '-']),
    ]),
    [
      'threads',
      threads === null ? 'wasm and plain JavaScript have one' : `tfjs-node ${threads}, the others 1`,
    ],
    ...Object.entries(absent).map(([name, reason]) => [name, reason]),
  ];
}
