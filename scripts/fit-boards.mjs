/*
 * Fits the latency of all board profiles at once to published measurements, and writes it into them.
 *
 *   npm run fit-boards                          from the committed table alone
 *   npm run fit-boards -- ../shared/reference/boards     makes the table anew first
 *   npm run fit-boards -- --nested              also chooses the strengths without each network (minutes)
 *
 * Prints the table of left-out errors, and writes it to docs/boards.md.
 *
 * The folder holds `ncnn.json` (latencies of ncnn's benchmark page) and `param/` (ncnn's network files with shape
 * hints, benchmark/models/ of Tencent/ncnn). Only counts that follow from them enter the table, never the files.
 * The same input gives the same bytes.
 */
import {
  boardLatency,
  boardRows,
  boardTableSchema,
  chooseStrength,
  fitTable,
  leaveOneNetworkOut,
} from '../dist/device/index.js';
import { readDocument, writeAtomically } from '../dist/foundation/index.js';
import { errorTable, summary } from './board-errors.mjs';
import { makeTable, tableText } from './board-table.mjs';
import { changeProfile, tableFile, writeErrors } from './fit-profiles.mjs';
import { root } from './steps.mjs';

const file = tableFile('ncnn-boards.json');
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
if (folder !== undefined) writeAtomically(file, tableText(makeTable(folder)));
const data = boardRows(readDocument(file, boardTableSchema));
const fits = fitTable(data);
for (const [name, powersave] of Object.entries(profiles))
  changeProfile(name, (profile) => ({ latency: latencyOf(profile, powersave) }));
writeErrors('boards.md', errorTable(data, fits.leftOut, profiles, root));
if (nested) {
  console.log('strength on the whole table:', chooseStrength(data));
  const rows = leaveOneNetworkOut(data, (network) => chooseStrength(data, [network]));
  console.log(`left out, strengths chosen without the network: ${summary(rows)}`);
}

/** The profile's section `latency` with `base` and `fit` of the table. */
function latencyOf({ board, threads, latency }, powersave) {
  const of = threads.map((count) => [count, boardLatency(fits, board, powersave, count)]);
  const { base: _base, fit: _fit, ...kept } = latency;
  return {
    base: Object.fromEntries(of.map(([count, { base }]) => [count, base])),
    fit: Object.fromEntries(of.map(([count, { fit }]) => [count, fit])),
    ...kept,
  };
}
