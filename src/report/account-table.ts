import { stringify } from 'csv-stringify/sync';
import { formatShare, formatUnit } from '../foundation/index.js';
import type { Account, AccountRow, OverSeeds } from '../learn/index.js';
import { differenceTable, INCLUDES_ZERO } from './accuracy-differences.js';
import { pad, textColumns } from './text-columns.js';

/** Students whose absence a cell tells one by one. */
const MOST_STUDENTS = 4;

interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  cell(row: AccountRow): string;
}

/** Accounts as Markdown: a table of stages for each data set, one of differences, and where each number comes from. */
export function accountMarkdown(accounts: readonly Account[]): string {
  return accounts
    .map((account) => {
      const columns = columnsOf(account);
      const stages = markdown(
        columns,
        account.rows.map((row) => columns.map((column) => column.cell(row))),
      );
      const { columns: nonns, rows: others } = differenceTable(account);
      const differences = account.comparisons.length === 0 ? [] : ['', markdown(nonns, others)];
      return [
        `### ${titleOf(account)}`,
        '',
        stages,
        ...differences,
        '',
        ...statementsOf(account).map((statement) => `- ${statement}`),
      ].join('\n');
    })
    .join('\n\n');
}

/** Accounts for a terminal. */
export function accountText(accounts: readonly Account[]): string {
  return accounts
    .map((account) => {
      const columns = columnsOf(account);
      const cells = account.rows.map((row) => columns.map((column) => column.cell(row)));
      const { columns: nonns, rows: others } = differenceTable(account);
      const differences = account.comparisons.length === 0 ? [] : ['', ...textColumns(nonns, others)];
      return [
        titleOf(account),
        '',
        ...textColumns(columns, cells),
        ...differences,
        '',
        ...statementsOf(account).map((statement) => `  ${statement}`),
      ].join('\n');
    })
    .join('\n\n');
}

/** Accounts as CSV in SI, one line a stage; empty where something is unknown. */
export function accountCsv(accounts: readonly Account[]): string {
  const records = accounts.flatMap(({ data, rows }) =>
    rows.map((row) => ({
      data: data.name,
      testImages: data.test,
      experiment: row.experiment,
      stage: row.stage,
      role: row.role,
      networks: row.networks.join(' '),
      devices: row.devices,
      parameters: row.parameters,
      parametersPerDevice: row.parametersPerDevice,
      flops: row.flops,
      flopsPerDevice: row.flopsPerDevice,
      bytesSent: row.bytesSent,
      seeds: row.seeds.join(' '),
      accuracy: row.accuracy.mean,
      accuracySpread: row.accuracy.spread,
      int8: row.int8?.mean,
      missing: row.missing?.map(({ mean }) => mean).join(' '),
      executedImages: row.executed?.images,
      executedAgree: row.executed?.agree,
      scenario: row.simulated?.scenario,
      simulatedLatency: row.simulated?.latency,
      simulatedEnergyPerNode: row.simulated?.energyPerNode,
      measuredSeconds: row.measured?.seconds,
      measuredOn: row.measured?.date,
      networkHash: row.hashes.network,
      weightsHashes: row.hashes.weights.join(' '),
    })),
  );
  return stringify(records, { header: true, cast: { number: String } });
}

function titleOf({ data }: Account): string {
  return `${data.name}: ${data.train} images to train, ${data.validation} for validation, ${data.test} to test`;
}

/** What nobody asked for, or nobody can say without the images, has no column. */
function columnsOf({ rows }: Account): Column[] {
  const some = (has: (row: AccountRow) => boolean, column: Column) => (rows.some(has) ? [column] : []);
  const several = new Set(rows.map(({ experiment }) => experiment)).size > 1;
  return [
    left('stage', (row) => (several ? `${row.experiment}/${row.stage}` : row.stage)),
    left('trained', (row) => row.role),
    left('network', ({ networks }) => namesOf(networks)),
    right('devices', ({ devices }) => String(devices)),
    right('parameters', ({ parameters }) => count(parameters)),
    right('a device', ({ parametersPerDevice }) => count(parametersPerDevice)),
    right('FLOP a device', ({ flopsPerDevice }) => count(flopsPerDevice)),
    right('sent', ({ bytesSent }) => formatUnit(bytesSent, 'bytes')),
    right('accuracy', ({ accuracy }) => share(accuracy)),
    right('seeds', ({ seeds }) => String(seeds.length)),
    ...some(
      ({ int8 }) => int8 !== null,
      right('in int8', ({ int8 }) => (int8 === null ? '–' : share(int8))),
    ),
    ...some(
      ({ missing }) => missing !== null,
      right('one student missing', ({ missing }) => (missing === null ? '–' : withoutOne(missing))),
    ),
    ...some(
      ({ executed }) => executed !== null,
      right('executed', ({ executed }) =>
        executed === null ? '–' : `${executed.agree} of ${executed.images} agree`,
      ),
    ),
    ...some(
      ({ simulated }) => simulated !== null,
      right('latency, simulated', ({ simulated }) => unit(simulated?.latency, 'time')),
    ),
    ...some(
      ({ simulated }) => simulated !== null,
      right('energy/node, simulated', ({ simulated }) => unit(simulated?.energyPerNode, 'energy')),
    ),
    ...some(
      ({ measured }) => measured !== null,
      right('kernels here, measured', ({ measured }) => unit(measured?.seconds, 'time')),
    ),
  ];
}

function statementsOf({ data, rows, comparisons }: Account): string[] {
  const scenarios = [...new Set(rows.flatMap(({ simulated }) => simulated?.scenario ?? []))];
  const measured = rows.flatMap((row) => row.measured ?? [])[0];
  const images = rows.flatMap((row) => row.executed?.images ?? [])[0];
  const notes = [...new Set(rows.flatMap(({ simulated }) => simulated?.note ?? []))].filter(
    (one) => one !== '',
  );
  return [
    `accuracy: share of the ${data.test} test images that are right, the mean over seeds ± standard deviation`,
    'parameters: trainable ones; FLOP: two for a multiply-add, of the kernels that run; a device: of the one that has most',
    'sent: frame bytes of all messages of an inference, the image as bytes included',
    ...(rows.some(({ devices, seeds }) => devices > 1 && seeds.length > 1)
      ? ['what a NoNN costs: of its first seed, since each seed has a partition of its own']
      : []),
    ...(rows.some(({ int8 }) => int8 !== null)
      ? ['in int8: kernels rounded to a byte with a scale for each output channel, activations in float32']
      : []),
    ...(rows.some(({ missing }) => missing !== null)
      ? ['one student missing: its features are zeros, student by student, without training again']
      : []),
    ...(images === undefined
      ? []
      : [
          `executed: the plan of the first seed really run on ${images} test images, beside the classes that training predicted`,
        ]),
    ...(scenarios.length === 0
      ? []
      : [`simulated, not measured: one inference on the devices and links of ${scenarios.join(' and ')}`]),
    ...notes,
    ...(measured === undefined
      ? []
      : [
          `measured on this machine on ${measured.date} with ${measured.backend}: kernels of the busiest device, the tenth part of the runs is faster`,
        ]),
    ...(comparisons.length === 0
      ? []
      : [
          `points more than: the NoNN above less the stage on the left, with the 95 % percentile interval of a paired bootstrap over the ${comparisons[0]!.images} test images, ${comparisons[0]!.resamples} resamples`,
          ...(comparisons.some(({ low, high }) => low <= 0 && high >= 0)
            ? [`${INCLUDES_ZERO}: the interval includes zero`]
            : []),
        ]),
  ];
}

function markdown(
  columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(3, ...[title, ...rows.map((row) => row[index]!)].map((cell) => [...cell].length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => pad(cell, widths[index]!, columns[index]!.align)).join(' | ')} |`;
  const rule = columns.map(({ align }, index) =>
    align === 'left' ? '-'.repeat(widths[index]!) : `${'-'.repeat(widths[index]! - 1)}:`,
  );
  return [line(columns.map(({ title }) => title)), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** `lenet5`, or `2 x lenet5` for students of one kind. */
function namesOf(networks: readonly string[]): string {
  if (networks.length < 2) return networks.join();
  return new Set(networks).size === 1 ? `${networks.length} x ${networks[0]}` : networks.join(', ');
}

function share({ mean, spread }: OverSeeds): string {
  return spread === null ? formatShare(mean, 2) : `${(100 * mean).toFixed(2)} ± ${formatShare(spread, 2)}`;
}

/** Each student's, or the range where there are many. */
function withoutOne(missing: readonly OverSeeds[]): string {
  if (missing.length <= MOST_STUDENTS) return missing.map((one) => share(one)).join(', ');
  const means = missing.map(({ mean }) => mean);
  return `${formatShare(Math.min(...means), 2)} to ${formatShare(Math.max(...means), 2)}`;
}

function unit(value: number | null | undefined, quantity: 'time' | 'energy'): string {
  return value === null || value === undefined ? '–' : formatUnit(value, quantity);
}

/** `1.23 M`: counts have no unit, but prefixes. */
function count(value: number): string {
  const [factor, prefix] = (
    [
      [1e9, ' G'],
      [1e6, ' M'],
      [1e3, ' k'],
    ] as const
  ).find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / factor).toPrecision(3))}${prefix}`;
}

function left(title: string, cell: Column['cell']): Column {
  return { title, align: 'left', cell };
}

function right(title: string, cell: Column['cell']): Column {
  return { title, align: 'right', cell };
}
