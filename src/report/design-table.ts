import type { Row } from '../explore/index.js';
import { type ColumnUnit, columnUnit, inUnit, percent } from './column-unit.js';
import { type Statements, statementsOf, type TableSetting } from './statements.js';

/** A row of a table, with what its cells are painted and marked by. */
export interface DesignLine {
  readonly row: Row;
  readonly mark: 'pick' | 'front' | '';
  /** Cells in the order of the columns. */
  readonly cells: readonly string[];
}

export interface DesignColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Designs as every form of a table shows them. */
export interface DesignTable {
  readonly title: string;
  /** `49 designs, 26 feasible, 5 on the front`. */
  readonly counts: string;
  readonly columns: readonly DesignColumn[];
  readonly lines: readonly DesignLine[];
  readonly statements: Statements;
}

export interface DesignTableOptions extends TableSetting {
  /** `narrow` for terminals: no intervals, and a violated budget by name only. */
  readonly width?: 'narrow' | 'wide';
}

/**
 * Lays designs out: each column in one unit, what is unknown as `–` with the reason in a footnote, and statements of
 * where the input starts, which profiles the numbers come from with their error, and what they leave out.
 */
export function designTable(rows: readonly Row[], options: DesignTableOptions): DesignTable {
  const statements = statementsOf(rows, options);
  const wide = options.width !== 'narrow';
  const columns = columnsOf(rows, statements, wide);
  const feasible = rows.filter((row) => row.feasible).length;
  const front = rows.filter((row) => row.front).length;
  return {
    title: options.title,
    counts: `${rows.length} ${rows.length === 1 ? 'design' : 'designs'}, ${feasible} feasible, ${front} on the front`,
    columns: columns.map(({ title, align }) => ({ title, align })),
    lines: rows.map((row) => {
      const mark = row.id === options.pick ? 'pick' : row.front ? 'front' : '';
      return { row, mark, cells: columns.map((column) => column.cell(row, mark)) };
    }),
    statements,
  };
}

interface Column extends DesignColumn {
  cell(row: Row, mark: DesignLine['mark']): string;
}

function columnsOf(rows: readonly Row[], statements: Statements, wide: boolean): Column[] {
  const latency = columnUnit(
    rows.map((row) => row.latency),
    's',
  );
  const trained = rows.some((row) => row.accuracy !== null);
  return [
    { title: '', align: 'left', cell: (_, mark) => mark },
    { title: 'design', align: 'left', cell: (row) => row.id },
    { title: 'devices', align: 'right', cell: (row) => String(row.devices) },
    numbers('latency', latency, (row) => row.latency),
    ...(wide ? [interval(latency)] : []),
    quantity(rows, wide ? 'energy/node' : 'energy', 'J', (row) => row.energyPerNode),
    quantity(rows, wide ? 'memory/node' : 'memory', 'B', (row) => row.memoryPerNode),
    ...(rows.some((row) => row.flashPerNode !== undefined)
      ? [
          quantity(rows, wide ? 'flash/node' : 'flash', 'B', (row) => row.flashPerNode ?? null),
          quantity(rows, wide ? 'SRAM/node' : 'SRAM', 'B', (row) => row.sramPerNode ?? null),
        ]
      : []),
    quantity(rows, 'sent', 'B', (row) => row.bytesSent),
    ...(wide || trained ? [accuracyColumn()] : []),
    numbers(
      'speed-up',
      columnUnit(
        rows.map((row) => row.speedup),
        '',
      ),
      (row) => row.speedup,
    ),
    share('fit error', (row) => row.fitError),
    share('extrapolated', (row) => row.extrapolated),
    {
      title: 'feasible',
      align: 'left',
      cell: (row) => (row.feasible ? 'yes' : `no: ${violations(row, wide)}`),
    },
    {
      title: 'notes',
      align: 'left',
      cell: (row) =>
        statements
          .numbersOf(row)
          .map((number) => `(${number})`)
          .join(' '),
    },
  ];
}

function quantity(
  rows: readonly Row[],
  title: string,
  symbol: string,
  of: (row: Row) => number | null,
): Column {
  return numbers(title, columnUnit(rows.map(of), symbol), of);
}

function numbers(title: string, unit: ColumnUnit, of: (row: Row) => number | null): Column {
  const head = unit.unit === '' ? title : `${title} ${unit.unit}`;
  return { title: head, align: 'right', cell: (row) => inUnit(of(row), unit) };
}

function share(title: string, of: (row: Row) => number | null): Column {
  return { title, align: 'right', cell: (row) => percent(of(row)) };
}

/** The mean over seeds, with the standard deviation over them where there are several. */
function accuracyColumn(): Column {
  const cell = ({ accuracy, accuracySpread }: Row) =>
    accuracy === null || (accuracySpread ?? null) === null
      ? percent(accuracy)
      : `${(100 * accuracy).toFixed(1)} ± ${percent(accuracySpread!)}`;
  return { title: 'accuracy', align: 'right', cell };
}

function interval(unit: ColumnUnit): Column {
  return {
    title: `low – high ${unit.unit}`,
    align: 'right',
    cell: ({ latencyLow, latencyHigh }) =>
      latencyLow === null && latencyHigh === null
        ? '–'
        : `${inUnit(latencyLow, unit)} – ${inUnit(latencyHigh, unit)}`,
  };
}

/** `latency by 432 ms (632 ms of 200 ms)` is `latency by 432 ms` where there is little room. */
function violations(row: Row, wide: boolean): string {
  if (wide) return row.violated;
  return row.violated
    .split('; ')
    .map((violation) => violation.replace(/ \([^)]*\)$/, '').replace('PerNode', ''))
    .join(', ');
}
