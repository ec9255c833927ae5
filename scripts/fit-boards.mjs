/*
 * Fits the latency of the board profiles to published measurements, and writes it into them.
 *
 *   npm run fit-boards                          from the committed table alone
 *   npm run fit-boards -- ../shared/reference/boards     makes the table anew first
 *
 * The folder holds `ncnn.json` (latencies of ncnn's benchmark page) and `param/` (ncnn's network files with shape
 * hints, benchmark/models/ of Tencent/ncnn). Only counts that follow from them enter the table, never the files.
 * The same input gives the same bytes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boardTableSchema, fitBoard, kernelsOfParam, profileSchema } from '../dist/device/index.js';
import {
  documentText,
  parseDocument,
  readDocument,
  readJson,
  writeAtomically,
} from '../dist/foundation/index.js';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const tableFile = join(root, 'device-profiles', 'fit', 'ncnn-boards.json');
const profiles = ['raspberry-pi-3b-plus', 'raspberry-pi-4b'];
/** Clocks as ncnn's page states them with the board, at 8 FLOP a cycle; memcpy of tinymembench at one thread. */
const limits = {
  'raspberry-pi-3b-plus': { clock: 1.4e9, memcpy: 1.12e9, log: '1isD' },
  'raspberry-pi-4b': { clock: 1.8e9, memcpy: 2.33e9, log: '3OBF' },
};
const memoryTable = 'github ThomasKaiser/sbc-bench@53f795176f2876cffac8cfd93395ee01e031f6ee:Results.md';

const folder = process.argv[2];
if (folder !== undefined) writeAtomically(tableFile, tableText(makeTable(folder)));
const table = readDocument(tableFile, boardTableSchema);
for (const name of profiles) fitProfile(profileFile(name));

/** Everything but `latency.base` and `latency.fit` of a profile is written by hand, and kept. */
function fitProfile(file) {
  const profile = readJson(file);
  const fits = profile.threads.map((threads) => [threads, fitBoard(table, profile.board, threads)]);
  const { base: _base, fit: _fit, ...kept } = profile.latency;
  profile.latency = {
    base: Object.fromEntries(fits.map(([threads, { base }]) => [threads, base])),
    fit: Object.fromEntries(fits.map(([threads, { fit }]) => [threads, fit])),
    ...kept,
  };
  parseDocument(profile, profileSchema, file);
  writeAtomically(file, documentText(profile));
  for (const [threads, { fit }] of fits) {
    const { median, mean, worst } = fit.leftOut;
    const percent = [median, mean, worst].map((share) => `${(100 * share).toFixed(1)} %`);
    console.log(`${profile.name}, ${threads} threads, left out: median, mean, worst ${percent.join(', ')}`);
  }
}

/** Networks that nonn's layers express, of those that were measured; a vision transformer needs attention. */
function makeTable(boards) {
  const published = readJson(join(boards, 'ncnn.json'));
  const measured = new Set(
    published.boards.flatMap((board) => board.runs.flatMap((run) => Object.keys(run.milliseconds))),
  );
  measured.delete('vision_transformer');
  const networks = [...measured].sort().map((name) => {
    const file = join(boards, 'param', `${name}.param`);
    if (!existsSync(file)) throw new Error(`${file}: found no such file, expected the layers of ${name}`);
    return [name, kernelsOfParam(readFileSync(file, 'utf8'), name)];
  });
  const runsOf = (board) =>
    board.runs.map(({ threads, powersave, milliseconds }) => ({
      threads,
      powersave,
      milliseconds: Object.fromEntries(
        Object.entries(milliseconds)
          .filter(([name]) => measured.has(name))
          .map(([name, { min, avg }]) => [name, [min, avg]]),
      ),
    }));
  return {
    citation: published.source,
    date: /\d{4}-\d{2}-\d{2}/.exec(published.source)[0],
    note: 'kernels counted from benchmark/models/*.param of that repository (BSD-3-Clause); milliseconds: minimum and mean of a run. vision_transformer is left out: its attention and layer normalisation are no kernels of nonn.',
    networks: Object.fromEntries(networks),
    boards: published.boards.map((board) => ({
      board: board.board,
      ...limitsOf(board.board),
      runs: runsOf(board),
    })),
  };
}

function limitsOf(board) {
  const name = profiles.find((profile) => readJson(profileFile(profile)).board === board);
  if (name === undefined) return {};
  const { clock, memcpy, log } = limits[name];
  const citation = `clock: the board's name here; memcpy: ${memoryTable} (log results/${log}.txt)`;
  return { limits: { rate: 8 * clock, memcpy, citation } };
}

function profileFile(name) {
  return join(root, 'device-profiles', `${name}.json`);
}

/** JSON with one kernel or one run's latency a line, so that a change can be read. */
function tableText(data) {
  return documentText(data)
    .replace(/\{\n\s+("family"[^{}]*?)\n\s+\}/g, (_, fields) => `{ ${fields.replace(/\n\s+/g, ' ')} }`)
    .replace(/\[\n\s+([\d.]+),\n\s+([\d.]+)\n\s+\]/g, '[$1, $2]');
}
