/* Makes the table that board profiles are fitted to, of a folder with `ncnn.json` and `param/`; see fit-boards.mjs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelsOfParam } from '../dist/device/index.js';
import { documentText, readJson } from '../dist/foundation/index.js';

/**
 * Core designs by a part of the board's name. Runs of few boards must help each other: Cortex-A78AE counts with A76
 * (both compute in half precision), the two clusters of a TX2 NX and the Nano count as Cortex-A57.
 */
const designs = [
  ['Zero 2 W', 'Cortex-A53'],
  ['Pi 3 Model', 'Cortex-A53'],
  ['Pi 4 Model', 'Cortex-A72'],
  ['Pi 5', 'Cortex-A76'],
  ['Banana Pi', 'Cortex-A7'],
  ['OrangePi Zero 2', 'Cortex-A53'],
  ['NanoPi R2S', 'Cortex-A53'],
  ['Orin Nano', 'Cortex-A76'],
  ['Jetson Nano', 'Cortex-A57'],
  ['TX2 NX', 'Cortex-A57'],
];

/** Networks that nonn's layers express, of those that were measured; a vision transformer needs attention. */
export function makeTable(boards) {
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
      design: designOf(board.board, powersave),
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
    boards: published.boards.map((board) => ({ board: board.board, runs: runsOf(board) })),
  };
}

/** Of a chip with two clusters, ncnn's power save mode says which one ran: 1 the little cores, 2 the big ones. */
function designOf(board, powersave) {
  if (board.includes('RK3399')) return powersave === 1 ? 'Cortex-A53' : 'Cortex-A72';
  return designs.find(([part]) => board.includes(part))[1];
}

/** JSON with one kernel or one run's latency a line, so that a change can be read. */
export function tableText(data) {
  return documentText(data)
    .replace(/\{\n\s+("family"[^{}]*?)\n\s+\}/g, (_, fields) => `{ ${fields.replace(/\n\s+/g, ' ')} }`)
    .replace(/\[\n\s+([\d.]+),\n\s+([\d.]+)\n\s+\]/g, '[$1, $2]');
}
