/* The tables of left-out errors of the microcontrollers, beside one rate a board on the same rows. */
import { microcontrollerRows } from '../dist/device/index.js';

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const signed = (share) => `${share > 0 ? '+' : ''}${percent(share)}`;
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const errorOf = ({ predicted, seconds }) => predicted / seconds - 1;
const meanError = (rows) => mean(rows.map((row) => Math.abs(errorOf(row))));
const cell = (row) => (row === undefined ? '' : signed(errorOf(row)));

const titles = {
  ic: 'ic: ResNet-8',
  kws: 'kws: DS-CNN',
  vww: 'vww: MobileNet V1 0.25, 96x96',
  ad: 'ad: autoencoder',
};

export function errorTable(fits, profiles) {
  const { table, everywhere, ownBoard } = fits;
  const naive = oneRate(table);
  const names = Object.keys(table.networks);
  const boards = Object.entries(profiles).map(([profile, id]) => {
    const run = table.runs.findIndex((entry) => entry.id === id);
    const own = (rows) => rows.filter((row) => row.run === run);
    const cells = names.map((name) => cell(own(ownBoard).find((row) => row.network === name)));
    const errors = [ownBoard, everywhere, naive].map((rows) => percent(meanError(own(rows))));
    return `| ${[profile, table.runs[run].software, ...cells, ...errors].join(' | ')} |`;
  });
  const networks = names.map((name) => {
    const of = (rows) => rows.filter((row) => row.network === name);
    const bias = [ownBoard, everywhere].flatMap((rows) => [
      percent(meanError(of(rows))),
      signed(mean(of(rows).map(errorOf))),
    ]);
    return `| ${[titles[name], of(ownBoard).length, ...bias, percent(meanError(of(naive)))].join(' | ')} |`;
  });
  return `# Microcontrollers: networks that the fit never saw

Made by \`npm run fit-microcontrollers\`; the method stands in [devices.md](devices.md#microcontrollers). Two ways to leave a network
out: on its own board only (whoever's software ran there; what other boards say of it is kept), and on every board. One rate: seconds
a multiply-add, from the other networks of the same run.

All ${table.runs.length} runs, ${microcontrollerRows(table).length} latencies: mean error ${percent(meanError(ownBoard))} left out on its own board, ${percent(meanError(everywhere))} left out everywhere, ${percent(meanError(naive))} by one rate.

| profile | software | ${names.join(' | ')} | mean, own board | everywhere | one rate |
|---|---|${names.map(() => '---').join('|')}|---|---|---|
${boards.join('\n')}

The columns of networks are signed errors of each, left out on its own board; an empty one was not published, or is not in the data.

| network | latencies | own board | signed | everywhere | signed | one rate |
|---|---|---|---|---|---|---|
${networks.join('\n')}
`;
}

/** One rate a run, from the mean of what its other networks say. */
function oneRate(table) {
  const flops = Object.fromEntries(
    Object.entries(table.networks).map(([name, kernels]) => [
      name,
      kernels.reduce((sum, { count, flops: of }) => sum + count * of, 0),
    ]),
  );
  const rows = microcontrollerRows(table);
  return rows.flatMap((row) => {
    const others = rows.filter((other) => other.run === row.run && other.network !== row.network);
    if (others.length === 0) return [];
    const rate = mean(others.map(({ network, seconds }) => seconds / flops[network]));
    return [{ ...row, predicted: rate * flops[row.network] }];
  });
}
