import type { TopLevelSpec } from 'vega-lite';
import type { Row } from '../explore/index.js';
import { columnUnit } from './column-unit.js';
import { placeLabels } from './plot-labels.js';
import { budgetOf, logAxis, type PlotData, plotConfig, strategyScale, subtitleOf } from './plot-spec.js';

const WIDTH = 660;
const HEIGHT = 440;
const LABEL_SIZE = 12;

/** What can stand on the second axis: energy where it is known, otherwise memory. */
const measures = [
  { field: 'energyPerNode', title: 'energy per node', symbol: 'J', quantity: 'energy' },
  { field: 'memoryPerNode', title: 'memory per node', symbol: 'B', quantity: 'bytes' },
] as const;

/**
 * Latency against energy (or memory) per node, both logarithmic: a point a design, filled where it is feasible, with
 * the front, the budgets, the pick and the baseline. Null where no design has both numbers.
 */
export function frontPlot(data: PlotData): TopLevelSpec | null {
  const measure = measures.find(({ field }) => data.rows.some((row) => hasBoth(row, field)));
  if (measure === undefined) return null;
  const { field, title, symbol, quantity } = measure;
  const rows = data.rows.filter((row) => hasBoth(row, field));
  const xUnit = columnUnit(
    rows.map((row) => row.latency),
    's',
  );
  const yUnit = columnUnit(
    rows.map((row) => row[field]),
    symbol,
  );
  const point = (row: Row) => ({
    id: row.id,
    strategy: row.strategy,
    feasible: row.feasible,
    x: row.latency! / xUnit.factor,
    y: row[field]! / yUnit.factor,
  });
  const points = rows.map(point);
  const axes = {
    x: logScale(
      'x',
      `latency (${xUnit.unit})`,
      points.map(({ x }) => x),
    ),
    y: logScale(
      'y',
      `${title} (${yUnit.unit})`,
      points.map(({ y }) => y),
    ),
  };
  const front = rows.filter((row) => row.front).map(point);
  const pick = rows.filter((row) => row.id === data.pick?.id).map(point);
  const labels = labelsOf(rows, data).map((label) => ({ ...label, at: point(label.row) }));
  const pixel = (at: { x: number; y: number }) => ({
    x: WIDTH * position(at.x, axes.x),
    y: HEIGHT * (1 - position(at.y, axes.y)),
  });
  const places = placeLabels(
    labels.map(({ words, at }) => ({ words, ...pixel(at) })),
    points.map(pixel),
    { width: WIDTH, height: HEIGHT },
    LABEL_SIZE,
  );
  return {
    title: {
      text: `${data.scenario}: latency and ${title} of ${rows.length} designs`,
      subtitle: [
        'filled: feasible · hollow: not · dashed: budgets · line: Pareto front · ring: the pick',
        ...subtitleOf(data),
      ],
    },
    width: WIDTH,
    height: HEIGHT,
    config: plotConfig,
    layer: [
      ...budgetRule('x', axes.x, budgetOf(data, 'latency', 'time'), xUnit.factor),
      ...budgetRule('y', axes.y, budgetOf(data, field, quantity), yUnit.factor),
      {
        data: { values: front },
        mark: { type: 'line', color: '#222222', strokeWidth: 1, opacity: 0.6 },
        encoding: { ...axes, order: { field: 'x', type: 'quantitative' } },
      },
      ...[false, true].map((feasible) => ({
        data: { values: points.filter((each) => each.feasible === feasible) },
        mark: { type: 'point', shape: 'circle', size: 64, strokeWidth: 1.5, filled: feasible, opacity: 0.85 },
        encoding: {
          ...axes,
          description: { field: 'id' },
          color: {
            field: 'strategy',
            type: 'nominal',
            scale: strategyScale(rows),
            legend: { title: null, orient: 'right', symbolType: 'circle', symbolFillColor: null },
          },
        },
      })),
      {
        data: { values: pick },
        mark: { type: 'point', shape: 'circle', size: 240, strokeWidth: 2, color: '#222222', filled: false },
        encoding: axes,
      },
      ...labels.map(({ words, weight, at }, index) => ({
        data: { values: [{ ...at, words }] },
        mark: {
          type: 'text',
          baseline: 'middle',
          fontSize: LABEL_SIZE,
          fontWeight: weight,
          color: '#222222',
          ...places[index]!,
        },
        encoding: { ...axes, text: { field: 'words' } },
      })),
    ],
  } as TopLevelSpec;
}

/** The pick, the baseline, and the fastest design of every strategy that these two leave out. */
export function labelsOf(
  rows: readonly Row[],
  data: PlotData,
): { row: Row; words: string; weight: 'bold' | 'normal' }[] {
  const pick = rows.find((row) => row.id === data.pick?.id);
  const baseline = rows.find((row) => row.id === data.inputs['baseline']);
  const told = new Set([pick?.strategy, baseline?.strategy]);
  const others = [...new Set(rows.map((row) => row.strategy))].filter((strategy) => !told.has(strategy));
  const fastest = others.map((strategy) =>
    rows
      .filter((row) => row.strategy === strategy)
      .reduce((best, row) => (row.latency! < best.latency! ? row : best)),
  );
  return [
    ...(pick === undefined ? [] : [{ row: pick, words: `pick: ${pick.id}`, weight: 'bold' as const }]),
    ...(baseline === undefined || baseline === pick
      ? []
      : [{ row: baseline, words: `baseline: ${baseline.id}`, weight: 'normal' as const }]),
    ...fastest.map((row) => ({ row, words: row.id, weight: 'normal' as const })),
  ];
}

export function logScale(field: 'x' | 'y', title: string, values: readonly number[]) {
  const { domain, ticks } = logAxis(values);
  return {
    field,
    type: 'quantitative' as const,
    title,
    scale: { type: 'log' as const, domain, nice: false },
    axis: { values: ticks, format: '~r' },
  };
}

/** Where a value stands on a logarithmic axis, from 0 to 1. */
export function position(value: number, { scale }: ReturnType<typeof logScale>): number {
  const [low, high] = scale.domain;
  return Math.log(value / low) / Math.log(high / low);
}

/** A dashed line where a budget ends; none where it lies outside the plot. */
function budgetRule(
  on: 'x' | 'y',
  axis: ReturnType<typeof logScale>,
  budget: number | null,
  factor: number,
): object[] {
  const [low, high] = axis.scale.domain;
  if (budget === null || budget / factor < low || budget / factor > high) return [];
  return [
    {
      data: { values: [{ [on]: budget / factor }] },
      mark: { type: 'rule', color: '#b03a2e', strokeDash: [5, 4], strokeWidth: 1 },
      encoding: { [on]: axis },
    },
  ];
}

/** Only positive numbers have a place on a logarithmic axis. */
function hasBoth(row: Row, field: (typeof measures)[number]['field']): boolean {
  return (row.latency ?? 0) > 0 && (row[field] ?? 0) > 0;
}
