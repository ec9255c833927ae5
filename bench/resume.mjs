import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freshKernels } from '../dist/calibrate/index.js';
import { kernelCost, loadProfile, predictNetwork } from '../dist/device/index.js';
import { namedNetwork } from '../dist/network/index.js';
import { summarise, validate } from '../dist/validate/index.js';
import { drawnNetworks } from './accuracy.mjs';

const entry = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Part of the budget after which the second calibration is killed. */
const KILLED_AFTER = 0.5;
const SEED = 1;

/**
 * Calibrates twice with the same settings, once unbroken and once killed halfway (SIGKILL) and gone on with, and compares
 * both profiles with the same measurements of fresh kernels and random networks.
 */
export async function measure(values, number) {
  const backend = values.backend ?? 'tfjs-wasm';
  const budget = number('budget', 60, 4);
  const folder = mkdtempSync(join(tmpdir(), 'nonn-resume-'));
  try {
    const args = (file) => [
      'calibrate',
      '--backend',
      backend,
      '--budget',
      `${budget}s`,
      '--out',
      file,
      '--quiet',
    ];
    const [unbroken, broken] = ['unbroken.json', 'broken.json'].map((name) => join(folder, name));
    await finished(args(unbroken));
    const killedAt = await killed(args(broken), `${broken}.partial`, KILLED_AFTER * budget);
    await finished(args(broken));
    const files = drawnNetworks(number('seed', 3), number('each', 2), folder).map(({ file }) => file);
    const profiles = [unbroken, broken].map((file) => loadProfile(file));
    const kernels = number('kernels', 150);
    const { rows, noiseFloor } = await validate({
      profile: profiles[0],
      seed: SEED,
      kernels,
      networks: files,
    });
    return { backend, budget, killedAt, noiseFloor, ...compared(profiles, rows, files) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the command to its end. */
async function finished(args) {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`nonn ${args.join(' ')} ended with ${code}`);
}

/** Kills the command once it has journalled measurements of so many seconds. @returns the seconds that it had counted. */
async function killed(args, journal, seconds) {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const closed = once(child, 'close');
  while (elapsedOf(journal) < seconds) {
    if (child.exitCode !== null) throw new Error('the calibration ended before it was killed');
    await setTimeout(50);
  }
  child.kill('SIGKILL');
  await closed;
  return elapsedOf(journal);
}

function elapsedOf(journal) {
  if (!existsSync(journal)) return 0;
  // The last line may be half written.
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  return JSON.parse(lines.at(-1) ?? '{}').elapsed ?? 0;
}

/** Both profiles on the same rows. */
function compared(profiles, rows, files) {
  const networks = new Map(files.map((file) => namedNetwork(file)).map((network) => [network.id, network]));
  const kernels = kernelsNamed(rows.filter(({ kind }) => kind === 'kernels').map(({ name }) => name));
  const [unbroken, resumed] = profiles.map((profile) => {
    const of = (kind, predict) =>
      summarise(
        rows.flatMap((row) =>
          row.kind === kind ? [{ predicted: predict(row.name), measured: row.measured }] : [],
        ),
      );
    return {
      samples: profile.latency.fit['1'].samples,
      kernels: of('kernels', (name) => kernelCost(profile, 1, kernels.get(name)).seconds),
      networks: of('networks', (name) => predictNetwork(profile, 1, networks.get(name)).latency),
    };
  });
  return { unbroken, resumed };
}

/** The fresh kernels that a validation drew, by their names. */
function kernelsNamed(names) {
  const wanted = new Set(names);
  const found = new Map();
  for (const kernel of freshKernels(SEED, Number.POSITIVE_INFINITY)) {
    if (wanted.has(kernel.key)) found.set(kernel.key, kernel);
    if (found.size === wanted.size) return found;
  }
}

/** @returns rows of a table. */
export function describe({ backend, budget, killedAt, noiseFloor, unbroken, resumed }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const line = ({ samples, kernels, networks }) =>
    `${samples} kernels; fresh kernels ${percent(kernels.within10)} within 10 %, mean error ${percent(kernels.mape)}; ` +
    `random networks ${percent(networks.within10)} within 10 %, mean error ${percent(networks.mape)}`;
  return [
    ['backend', `${backend}, ${budget} s, killed after ${killedAt.toFixed(1)} s`],
    ['unbroken', line(unbroken)],
    ['killed and resumed', line(resumed)],
    ['noise floor', `${percent(noiseFloor.within10)} of the same measurements agree within 10 %`],
  ];
}
