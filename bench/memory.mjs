import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measureRuntimeMemory } from '../dist/calibrate/memory.js';
import { windowBytes } from '../dist/calibrate/surroundings.js';
import { loadProfile, networkMemory, predictNetwork, residentMemory } from '../dist/device/index.js';
import { activationPeak } from '../dist/kernel/index.js';
import { namedNetwork } from '../dist/network/index.js';
import { openBackend } from '../dist/runtime/index.js';

const child = fileURLToPath(new URL('./memory-child.mjs', import.meta.url));
/** From a few kilobytes of weights to a hundred megabytes. */
const zoo = [
  'lenet5',
  'ds-cnn-s',
  'wrn-16-2',
  'mobilenet-v1-0.25',
  'squeezenet-1.1',
  'mobilenet-v2',
  'mobilenet-v1',
  'googlenet',
  'wrn-40-4',
  'resnet18',
  'resnet50',
];
/** Enough for each of the processes that show how a runtime holds memory. */
const PROBE_SECONDS = 60;

/**
 * @returns for each network the resident peak of a fresh process that runs it, the median of some (`--runs`), and what was predicted: by a profile, or by
 * figures that are measured first on small, large and dense networks that are not among these.
 */
export async function measure(values, number) {
  const networks = (values.networks ?? zoo.join(',')).split(',');
  const profile = values.profile === undefined ? undefined : loadProfile(values.profile);
  const backend = profile?.runtime ?? values.backend ?? 'tfjs-wasm';
  const runs = number('runs', 3, 1);
  const threads = profile === undefined ? number('threads', 1) : Math.max(...profile.threads);
  // Says in a sentence why a backend does not run here, before any process is started.
  await openBackend(backend, { threads });
  const figures = profile?.memory ?? (await measuredFigures(backend, threads));
  const rows = networks.map((name) => {
    const network = namedNetwork(name);
    const memory = networkMemory(network, activationPeak(network, backend));
    const predicted =
      profile === undefined
        ? residentMemory(figures, memory).bytes
        : predictNetwork(profile, threads, network).peakMemory;
    const tensors = memory.convolutions + memory.others + memory.maps;
    const found = Array.from({ length: runs }, () => {
      const output = execFileSync(process.execPath, [child, backend, String(threads), name], {
        encoding: 'utf8',
      });
      return JSON.parse(output);
    });
    const peaks = found.map(({ peak }) => peak).sort((a, b) => a - b);
    // V8 now and then lets a process grow by tens of megabytes before it collects.
    const measured = { peak: peaks[Math.floor((runs - 1) / 2)], tensors: found[0].tensors };
    return {
      network: name,
      weights: memory.convolutions + memory.others,
      predicted,
      measured: measured.peak,
      peaks,
      error: predicted / measured.peak - 1,
      tensorsPredicted: tensors,
      tensorsMeasured: measured.tensors,
    };
  });
  const errors = rows.map(({ error }) => Math.abs(error));
  return {
    backend,
    threads,
    profile: profile?.name ?? null,
    figures: Object.fromEntries(
      ['runtimeBase', 'weightCopies', 'denseCopies', 'mapCopies', 'windowBytes'].map((name) => [
        name,
        figures[name]?.value ?? null,
      ]),
    ),
    within15: errors.filter((error) => error <= 0.15).length / errors.length,
    worst: Math.max(...errors),
    rows,
  };
}

async function measuredFigures(backend, threads) {
  const bytes = windowBytes[backend];
  const found = await measureRuntimeMemory(backend, threads, PROBE_SECONDS, bytes);
  if (found.mapCopies === undefined) throw new Error(`bench memory: a probe of ${backend} failed`);
  const known = (value) => ({ value });
  return {
    runtimeBase: known(found.base),
    weightCopies: known(found.weightCopies),
    denseCopies: known(found.denseCopies),
    mapCopies: known(found.mapCopies),
    windowBytes: known(bytes),
  };
}

/** How far the peak of a single process is from the median of its network, at the most. */
export function spreadOf(rows) {
  return Math.max(
    ...rows.flatMap(({ peaks, measured }) => peaks.map((peak) => Math.abs(peak / measured - 1))),
  );
}

/** @returns rows of a table. */
export function describe({ backend, threads, profile, figures, within15, worst, rows }) {
  const cells = (values) => values.map((value) => String(value).padStart(12)).join('');
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const copies = (value) => (value === null ? 'unknown' : value.toFixed(2));
  return [
    [
      `MB, ${backend}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      cells(['weights', 'predicted', 'measured', 'error', 'tensors', 'counted']),
    ],
    ...rows.map((row) => [
      row.network,
      cells([
        megabytes(row.weights),
        megabytes(row.predicted),
        megabytes(row.measured),
        `${row.error > 0 ? '+' : ''}${percent(row.error)}`,
        megabytes(row.tensorsMeasured),
        row.tensorsMeasured === row.tensorsPredicted ? 'exactly' : megabytes(row.tensorsPredicted),
      ]),
    ]),
    [
      'processes',
      `the median of ${rows[0].peaks.length} for each network; one differs from it by up to ${percent(spreadOf(rows))}`,
    ],
    ['within 15 %', `${percent(within15)}, worst ${percent(worst)}`],
    [
      `by ${profile ?? 'probes'}`,
      `runtime ${megabytes(figures.runtimeBase ?? 0)} MB, copies of weights ${copies(figures.weightCopies)} and ${copies(figures.denseCopies)} (dense), of activations ${copies(figures.mapCopies)}`,
    ],
  ];
}
