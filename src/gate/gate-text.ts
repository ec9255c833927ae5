import { formatUnit, type Quantity } from '../foundation/index.js';
import { type Palette, plain, textColumns } from '../report/index.js';
import type { GateRow, GateVerdict } from './gate.js';

/** Reasons of one failure that a terminal shows; the JSON form has all. */
const MOST_REASONS = 8;

/** Other times of the same events add up to other last digits. */
const ROUNDING = 1e-9;

/**
 * A verdict for people: failures first, those with the same reasons together and the worst on top, then what else
 * has changed by more than rounding shows, and one line that counts everything.
 */
export function gateText({ verdict, rows }: GateVerdict, palette: Palette = plain): string {
  const failed = rows.filter((row) => row.verdict === 'fail');
  const added = rows.filter((row) => row.verdict === 'pass' && row.baseline === null);
  const improved = rows.filter(
    (row) =>
      row.verdict === 'pass' &&
      row.baseline !== null &&
      Math.abs(row.change ?? 1) > ROUNDING &&
      row.baseline !== row.current,
  );
  const several = new Set(rows.map((row) => row.scenario)).size > 1;
  const blocks = [
    ...byReasons(failed).map((group) => failureBlock(group, several, palette)),
    ...(improved.length === 0 ? [] : [table('changed and passed', improved, several, palette.green)]),
    ...(added.length === 0 ? [] : [table('new', added, several, palette.cyan)]),
  ];
  return [...blocks, summary(verdict, rows, failed.length, palette)].join('\n\n');
}

function byReasons(failed: readonly GateRow[]): GateRow[][] {
  const groups = new Map<string, GateRow[]>();
  for (const row of failed) {
    const key = row.why.join('\n');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const size = (row: GateRow) => (row.change === null ? Number.POSITIVE_INFINITY : Math.abs(row.change));
  return [...groups.values()].map((group) => group.sort((a, b) => compare(size(b), size(a))));
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function failureBlock(rows: readonly GateRow[], several: boolean, palette: Palette): string {
  const { why } = rows[0]!;
  const shown = why.slice(0, MOST_REASONS).map((reason) => `  why: ${reason}`);
  const rest =
    why.length > MOST_REASONS ? [palette.dim(`  and ${why.length - MOST_REASONS} more (--format json)`)] : [];
  return [table('failed', rows, several, palette.red), ...shown, ...rest].join('\n');
}

function table(
  title: string,
  rows: readonly GateRow[],
  several: boolean,
  paint: (text: string) => string,
): string {
  const columns = [
    { title, align: 'left' },
    { title: 'old', align: 'right' },
    { title: 'new', align: 'right' },
    { title: 'change', align: 'right' },
  ] as const;
  const cells = rows.map((row) => [
    several ? `${row.scenario}: ${row.metric}` : row.metric,
    value(row.baseline, row.unit),
    value(row.current, row.unit),
    change(row),
  ]);
  return textColumns(columns, cells, paint).join('\n');
}

const quantities: Readonly<Record<string, Quantity>> = { s: 'time', J: 'energy', B: 'bytes' };

function value(of: number | string | null, unit: string): string {
  if (of === null) return '–';
  if (typeof of === 'string') return of;
  const quantity = Object.hasOwn(quantities, unit) ? quantities[unit] : undefined;
  return quantity === undefined ? `${Number(of.toPrecision(4))} ${unit}` : formatUnit(of, quantity, 4);
}

function change({ change: by, baseline, current }: GateRow): string {
  if (current === null) return 'missing';
  if (baseline === null) return 'new';
  if (by === null) return 'changed';
  const percent = by * 100;
  const digits = Math.abs(percent) < 0.1 ? percent.toExponential(0) : percent.toFixed(1);
  return `${percent > 0 ? '+' : ''}${digits} %`;
}

function summary(
  verdict: GateVerdict['verdict'],
  rows: readonly GateRow[],
  failed: number,
  palette: Palette,
): string {
  const unchanged = rows.filter(
    (row) => row.baseline === row.current || Math.abs(row.change ?? 1) <= ROUNDING,
  ).length;
  const counts = `${rows.length} metrics: ${failed} failed, ${rows.length - failed} passed (${unchanged} unchanged)`;
  const paint = { pass: palette.green, fail: palette.red, inconclusive: palette.yellow }[verdict];
  const what = verdict === 'inconclusive' ? 'the baseline holds no metric to compare with' : counts;
  return `${palette.bold(paint(verdict))}: ${what}`;
}
