import { mnist, subset } from '../dist/learn/data/index.js';
import {
  disposeTrainable,
  labelsAlone,
  Nesterov,
  START,
  train,
  trainable,
  trainingKernels,
} from '../dist/learn/train/index.js';
import { zooNetwork } from '../dist/network/index.js';
import { openBackend, use } from '../dist/runtime/index.js';

const networks = ['lenet5', 'cnn-4', 'cnn-16'];

/** Plain JavaScript takes seconds for what the others do in milliseconds: fewer images a step, and fewer steps. */
const ways = {
  'tfjs-node': { batch: 64, steps: 12 },
  'tfjs-wasm': { batch: 64, steps: 12 },
  'tfjs-cpu': { batch: 8, steps: 2 },
};
/** Backends take turns, so that all of them see the same machine. */
const rounds = 2;

/** @returns images/s of a whole training step (images, forward, backward, weights) by the least time of some steps. */
export async function measure(_values, number) {
  const threads = number('threads', 1);
  const backends = new Map();
  const absent = {};
  for (const name of Object.keys(ways)) {
    try {
      backends.set(name, await openBackend(name, name === 'tfjs-node' ? { threads } : {}));
    } catch (error) {
      if (error.name !== 'NonnError') throw error;
      absent[name] = error.message;
    }
  }
  const rows = [];
  for (const name of networks) {
    const network = zooNetwork(name);
    const seconds = {};
    for (let round = 0; round < rounds; round++)
      for (const [backend, opened] of backends) {
        use(opened);
        const found = leastSecondsPerImage(network, backend, ways[backend]);
        seconds[backend] = Math.min(found, seconds[backend] ?? Number.POSITIVE_INFINITY);
      }
    const rates = Object.fromEntries(
      Object.entries(seconds).map(([backend, perImage]) => [backend, 1 / perImage]),
    );
    rows.push({ network: name, rates, wasmOverPlain: rates['tfjs-wasm'] / rates['tfjs-cpu'] });
  }
  return { threads: backends.get('tfjs-node')?.threads ?? null, absent, networks: rows };
}

function leastSecondsPerImage(network, backend, { batch, steps }) {
  const all = mnist();
  const some = subset(
    all.train,
    Array.from({ length: batch * steps }, (_, index) => (index * 7) % all.train.labels.length),
  );
  const learner = trainable(network, 1);
  const options = {
    epochs: 1,
    batch,
    schedule: { kind: 'cosine', peak: 0.01, warmUp: 0 },
    momentum: 0.9,
    weightDecay: 5e-4,
    labelSmoothing: 0.1,
    statisticsMomentum: 0.95,
    augmentation: { flip: false, shift: 2 },
  };
  const optimiser = new Nesterov(learner, options);
  let least = Number.POSITIVE_INFINITY;
  let since = performance.now();
  train({
    id: 'bench',
    seed: 1,
    trainable: learner,
    optimiser,
    objective: labelsAlone(network.byId.get(network.output).kind === 'softmax' ? 'output' : network.output),
    data: { name: 'mnist', train: some, validation: null, test: some },
    options,
    kernels: trainingKernels(backend),
    from: START,
    onStep: ({ step }) => {
      // The last call of an epoch follows no step.
      if (step > 0) least = Math.min(least, performance.now() - since);
      since = performance.now();
    },
  });
  optimiser.dispose();
  disposeTrainable(learner);
  return least / 1000 / batch;
}

/** @returns rows of a table. */
export function describe({ threads, absent, networks: rows }) {
  const cells = (values) => values.map((value) => String(value).padStart(13)).join('');
  const rate = (value) => (value === undefined ? '-' : value.toPrecision(3));
  const names = Object.keys(ways);
  return [
    ['training, images/s', cells([...names, 'wasm / cpu'])],
    ...rows.map(({ network, rates, wasmOverPlain }) => [
      network,
      cells([...names.map((name) => rate(rates[name])), wasmOverPlain.toFixed(0)]),
    ]),
    ['images a step', cells(names.map((name) => ways[name].batch))],
    [
      'threads',
      threads === null ? 'wasm and plain JavaScript have one' : `tfjs-node ${threads}, the others 1`,
    ],
    ...Object.entries(absent).map(([name, reason]) => [name, reason]),
  ];
}
