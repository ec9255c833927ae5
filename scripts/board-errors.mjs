/* The table of left-out errors of the boards, beside plain least squares on the same rows. */
import { join } from 'node:path';
import { kernelsOf, nonNegativeLeastSquares } from '../dist/device/index.js';
import { readJson } from '../dist/foundation/index.js';

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const errorsOf = (rows) => rows.map((row) => Math.abs(row.predicted / row.seconds - 1)).sort((a, b) => a - b);
const middle = (sorted) => sorted[sorted.length >> 1];

export function summary(rows) {
  const errors = errorsOf(rows);
  return `mean ${percent(mean(errors))}, median ${percent(middle(errors))}, ${rows.length} latencies`;
}

export function errorTable(data, leftOut, profiles, root) {
  const plain = plainLeftOut(data);
  const lines = Object.entries(profiles).flatMap(([name, powersave]) => {
    const { board, threads } = readJson(join(root, 'device-profiles', `${name}.json`));
    return threads.map((count) => {
      const run = data.runs.findIndex(
        (entry) => entry.name === board && entry.powersave === powersave && entry.threads === count,
      );
      const own = leftOut.filter((row) => row.run === run);
      const errors = errorsOf(own);
      const worst = own.reduce((a, b) =>
        Math.abs(a.predicted / a.seconds - 1) >= Math.abs(b.predicted / b.seconds - 1) ? a : b,
      );
      const cells = [name, count, own.length, percent(middle(errors)), percent(mean(errors))];
      cells.push(`${percent(errors.at(-1))} (${worst.network})`);
      cells.push(percent(mean(errorsOf(plain.filter((row) => row.run === run)))));
      return `| ${cells.join(' | ')} |`;
    });
  });
  const networks = Object.keys(data.table.networks).map((network) => {
    const of = (rows) => rows.filter((row) => row.network === network);
    const bias = mean(of(leftOut).map((row) => row.predicted / row.seconds - 1));
    return `| ${network} | ${of(leftOut).length} | ${percent(mean(errorsOf(of(leftOut))))} | ${percent(bias)} | ${percent(mean(errorsOf(of(plain))))} |`;
  });
  return `# Boards: networks that the fit never saw

Made by \`npm run fit-boards\`; the method stands in [devices.md](devices.md). Each network is predicted by a fit without it,
on any board; plain: non-negative least squares of FLOP, bytes and kernels a family, each board by itself, on the same rows.

All boards and numbers of threads: ${summary(leftOut)}. Plain: ${summary(plain)}.

| profile | threads | networks | median | mean | worst | plain, mean |
|---|---|---|---|---|---|---|
${lines.join('\n')}

| network | latencies | mean error | mean signed error | plain, mean |
|---|---|---|---|---|
${networks.join('\n')}
`;
}

/** FLOP, bytes and number of kernels by family; elementwise, pooling and moving count as one. */
function plainLeftOut({ table, runs, rows }) {
  const families = ['conv3x3', 'conv1x1', 'conv', 'depthwise3x3', 'depthwise', 'dense', 'elementwise'];
  const features = (network) => {
    const values = new Array(3 * families.length).fill(0);
    for (const { family, flops, bytes, count } of kernelsOf(table, network)) {
      const at = 3 * families.indexOf(family === 'pool' || family === 'move' ? 'elementwise' : family);
      values[at] += count * flops * 1e-9;
      values[at + 1] += count * bytes * 1e-9;
      values[at + 2] += count * 1e-5;
    }
    return values;
  };
  return runs.flatMap((_, run) => {
    const own = rows.filter((row) => row.run === run);
    return own.map((row) => {
      const others = own.filter((other) => other !== row);
      const x = nonNegativeLeastSquares(
        others.map((other) => features(other.network).map((value) => value / other.seconds)),
        others.map(() => 1),
      );
      return { ...row, predicted: features(row.network).reduce((sum, value, at) => sum + value * x[at], 0) };
    });
  });
}
