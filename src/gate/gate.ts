import type { ReadResult } from '../explore/index.js';
import { formatShare, formatUnit } from '../foundation/index.js';
import type { BaselineRecord } from './baseline.js';
import { judge } from './rule.js';
import { isGone, type Metric, reasonsFor, type Sides, sidesOf } from './why.js';

/** Verdict over one metric of one scenario. */
export interface GateRow {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: string;
  /** The old value; null where it is new. */
  readonly baseline: number | string | null;
  /** The value now; null where it is missing. */
  readonly current: number | string | null;
  /** Relative to the old value; null where there is no such number. */
  readonly change: number | null;
  readonly verdict: 'pass' | 'fail';
  /** What happened to it, and every changed input that can have moved it. */
  readonly why: readonly string[];
}

export interface GateVerdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly rows: readonly GateRow[];
}

/**
 * Compares results with their baselines, metric by metric: worse by more than 1 % fails, a metric that is missing
 * fails, a changed pick fails, a new metric passes. Inconclusive where there is nothing to compare.
 */
export function gate(
  pairs: readonly { readonly current: ReadResult; readonly baseline: BaselineRecord }[],
): GateVerdict {
  const rows = pairs.flatMap(({ current, baseline }) => compare(sidesOf(baseline, current)));
  const compared = pairs.some(({ baseline }) => baseline.metrics.length > 0);
  const failed = rows.some((row) => row.verdict === 'fail');
  return { verdict: failed ? 'fail' : compared ? 'pass' : 'inconclusive', rows };
}

function compare(sides: Sides): GateRow[] {
  const { baseline, current, old, now } = sides;
  const reasons = reasonsFor(sides);
  const known = baseline.metrics.map((metric): GateRow => {
    const found = now.get(metric.id);
    return found === undefined ? missing(sides, metric, reasons) : moved(sides, metric, found, reasons);
  });
  const added = current.metrics
    .filter((metric) => !old.has(metric.id))
    .map(
      (metric): GateRow => ({
        scenario: current.scenario,
        metric: metric.id,
        unit: metric.unit,
        baseline: null,
        current: metric.value,
        change: null,
        verdict: 'pass',
        why: ['new: the baseline does not have it'],
      }),
    );
  return [...known, ...added];
}

type Reasons = ReturnType<typeof reasonsFor>;

function missing({ current }: Sides, metric: Metric, reasons: Reasons): GateRow {
  const row = current.rows.find((each) => metric.id.split('/')[1] === each.id);
  const remarks = row === undefined ? [] : [row.violated, row.notes].filter((remark) => remark !== '');
  const gone = isGone(metric.id, current);
  const what = metric.id === 'pick' ? 'missing now: no design is picked' : 'missing now';
  return {
    scenario: current.scenario,
    metric: metric.id,
    unit: metric.unit,
    baseline: metric.value,
    current: null,
    change: null,
    verdict: 'fail',
    why: [
      [what, ...(metric.id === 'pick' ? [] : remarks)].join('; '),
      ...(gone ? ['its design is no longer a candidate'] : []),
      ...reasons(metric.id, gone ? 'gone' : 'missing'),
    ],
  };
}

function moved(sides: Sides, old: Metric, now: Metric, reasons: Reasons): GateRow {
  const { verdict, change, remark } = judge(old, now);
  const hasMoved = old.value !== now.value || old.unit !== now.unit;
  const causes = hasMoved ? reasons(old.id, 'moved') : [];
  return {
    scenario: sides.current.scenario,
    metric: old.id,
    unit: now.unit,
    baseline: old.value,
    current: now.value,
    change,
    verdict,
    why: [
      ...(remark === undefined ? [] : [remark]),
      ...(old.id === 'pick' && hasMoved ? bothDesigns(sides, String(old.value), String(now.value)) : []),
      ...causes,
      ...(hasMoved && causes.length === 0 ? [unexplained(sides)] : []),
    ],
  };
}

/** The design that was picked and the one that is, each with what it was and what it is now. */
function bothDesigns(sides: Sides, before: string, after: string): string[] {
  return [`was ${before}: ${figures(sides, before)}`, `is ${after}: ${figures(sides, after)}`];
}

function figures({ old, now }: Sides, design: string): string {
  const kinds = [
    ['latency', 'time', 'latency'],
    ['energyPerNode', 'energy', 'energy per node'],
    ['memoryPerNode', 'bytes', 'memory per node'],
  ] as const;
  const told = (kind: string, words: string, write: (value: number) => string) => {
    const show = (metric: Metric | undefined) =>
      typeof metric?.value === 'number' ? write(metric.value) : 'unknown';
    const [from, to] = [show(old.get(`${kind}/${design}`)), show(now.get(`${kind}/${design}`))];
    return `${words} ${from === to ? to : `${from} → ${to}`}`;
  };
  const trained = [old, now].some((metrics) => metrics.has(`accuracy/${design}`));
  return [
    ...kinds.map(([kind, quantity, words]) => told(kind, words, (value) => formatUnit(value, quantity))),
    ...(trained ? [told('accuracy', 'accuracy', (value) => formatShare(value, 2))] : []),
  ].join(', ');
}

function unexplained({ baseline }: Sides): string {
  return `no recorded input that can move it has changed: the program has, at engine version ${JSON.stringify(baseline.hashes.engine ?? 'unknown')}, or a file that the scenario names`;
}
