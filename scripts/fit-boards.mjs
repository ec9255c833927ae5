/*
 * Fits the latency of all board profiles at once to published measurements, and writes it into them.
 *
 *   npm run fit-boards                          from the committed table alone
 *   npm run fit-boards -- ../shared/reference/boards     makes the table anew first
 *   npm run fit-boards -- --nested              also chooses the strengths without each network (minutes)
 *
 * Prints the table of left-out errors, and writes it to docs/boards.md. *
 * The folder holds `ncnn.json` (latencies of ncnn's benchmark page) and `param/` (ncnn's network files with shape
 * hints, benchmark/models/ of Tencent/ncnn). Only counts that follow from them enter the table, never the files.
 * The same input gives the same bytes.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  boardLatency,
  boardRows,
  boardTableSchema,
  chooseStrength,
  fitTable,
  leaveOneNetworkOut,
  profileSchema,
} from '../dist/device/index.js';
import {
  documentText,
  parseDocument,
  readDocument,
  readJson,
  writeAtomically,
} from '../dist/foundation/index.js';
import { errorTable, summary } from './board-errors.mjs';
import { makeTable, tableText } from './board-table.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const tableFile = join(root, 'device-profiles', 'fit', 'ncnn-boards.json');
/** Profiles, and ncnn's power save mode of their runs: 0 all cores, 1 the little ones, 2 the big ones. */
const profiles = {
  'raspberry-pi-3b-plus': 0,
  'raspberry-pi-4b': 0,
  'raspberry-pi-5': 0,
  'raspberry-pi-zero-2w': 0,
  'banana-pi-m2-zero': 0,
  'rk3399-big': 2,
  'rk3399-little': 1,
  'orangepi-zero-2': 0,
  'nanopi-r2s': 0,
  'jetson-orin-nano': 0,
  'jetson-nano': 0,
  'jetson-tx2-nx': 0,
};

const nested = process.argv.includes('--nested');
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (folder !== undefined) writeAtomically(tableFile, tableText(makeTable(folder)));
const data = boardRows(readDocument(tableFile, boardTableSchema));
const fits = fitTable(data);
for (const [name, powersave] of Object.entries(profiles)) fitProfile(name, powersave);
const errors = errorTable(data, fits.leftOut, profiles, root);
writeAtomically(join(root, 'docs', 'boards.md'), errors);
console.log(errors);
if (nested) {
  console.log('strength on the whole table:', chooseStrength(data));
  const rows = leaveOneNetworkOut(data, (network) => chooseStrength(data, [network]));
  console.log(`left out, strengths chosen without the network: ${summary(rows)}`);
}

/** Everything but `latency.base` and `latency.fit` of a profile is written by hand, and kept. */
function fitProfile(name, powersave) {
  const file = join(root, 'device-profiles', `${name}.json`);
  const profile = readJson(file);
  const of = profile.threads.map((threads) => [
    threads,
    boardLatency(fits, profile.board, powersave, threads),
  ]);
  const { base: _base, fit: _fit, ...kept } = profile.latency;
  profile.latency = {
    base: Object.fromEntries(of.map(([threads, { base }]) => [threads, base])),
    fit: Object.fromEntries(of.map(([threads, { fit }]) => [threads, fit])),
    ...kept,
  };
  parseDocument(profile, profileSchema, file);
  writeAtomically(file, documentText(profile));
}
