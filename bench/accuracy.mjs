import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfile } from '../dist/device/index.js';
import { lowerWhole } from '../dist/kernel/index.js';
import { namedNetwork } from '../dist/network/index.js';
import { validate } from '../dist/validate/index.js';
import { familyNames, randomNetwork } from './random-networks.mjs';

/** Multiply-adds of the networks that are taken: what small devices run. */
const LEAST_MACS = 2.5e6;
const MOST_MACS = 325e6;

/**
 * Random networks of six families, none of which a calibration saw, predicted and measured on this machine.
 * @returns a row a network, with errors by family, and the two naive models on the same rows.
 */
export async function measure(values, number) {
  if (values.profile === undefined)
    throw Object.assign(
      new Error('bench accuracy: --profile: found none, expected a profile of this machine'),
      {
        name: 'NonnError',
      },
    );
  const profile = loadProfile(values.profile);
  const each = number('each', 5);
  const folder = mkdtempSync(join(tmpdir(), 'nonn-accuracy-'));
  try {
    const files = drawnNetworks(number('seed', 1), each, folder);
    const validation = await validate({ profile, seed: 1, networks: files.map(({ file }) => file) });
    const rows = validation.rows.map((row, index) => ({ ...row, ...files[index] }));
    return { ...validation, rows: rows.map(({ file, ...row }) => row) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Random networks of each family, written into a folder: file, family and multiply-adds of each. */
export function drawnNetworks(from, each, folder) {
  return familyNames.flatMap((family) => drawn(family, from, each, folder));
}

/** The first networks of a family whose work is in range, from a seed on. */
function drawn(family, from, count, folder) {
  const files = [];
  for (let seed = 1000 * from; files.length < count; seed++) {
    const { model } = randomNetwork(family, seed);
    const file = join(folder, `${family}-${seed}.json`);
    writeFileSync(file, JSON.stringify(model));
    const macs = lowerWhole(namedNetwork(file)).kernels.reduce((sum, kernel) => sum + kernel.macs, 0);
    if (macs >= LEAST_MACS && macs <= MOST_MACS) files.push({ file, family, macs });
  }
  return files;
}

/** @returns rows of a table. */
export function describe({ rows, networks, noiseFloor, ...rest }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const cells = (values) => values.map((value) => String(value).padStart(12)).join('');
  const of = (chosen) => [
    chosen.length,
    percent(chosen.filter(({ error }) => Math.abs(error) <= 0.1).length / chosen.length),
    percent(chosen.reduce((sum, { error }) => sum + Math.abs(error), 0) / chosen.length),
    percent(Math.max(...chosen.map(({ error }) => Math.abs(error)))),
  ];
  return [
    ['network', cells(['mega-MAC', 'predicted', 'measured', 'error'])],
    ...rows.map(({ name, macs, predicted, measured, error }) => [
      name,
      cells([
        (macs / 1e6).toFixed(1),
        `${(1e3 * predicted).toFixed(3)} ms`,
        `${(1e3 * measured).toFixed(3)} ms`,
        percent(error),
      ]),
    ]),
    ['', cells(['networks', 'within 10 %', 'mean', 'worst'])],
    ...familyNames.map((family) => [family, cells(of(rows.filter((row) => row.family === family)))]),
    ['all', cells(of(rows))],
    ['Kendall', cells([networks.kendall.toFixed(3)])],
    ...['roofline', 'flops'].flatMap((name) => {
      const naive = rest[name]?.networks ?? rest[name];
      return naive?.mape === undefined ? [] : [[`mean by ${name} alone`, cells([percent(naive.mape)])]];
    }),
    ['noise floor, within 10 %', cells([percent(noiseFloor.within10)])],
  ];
}
