import type { TopLevelSpec } from 'vega-lite';
import type { Row } from '../explore/index.js';
import { columnUnit } from './column-unit.js';
import { designPlot, logScale } from './plot-designs.js';
import { budgetOf, type PlotData } from './plot-spec.js';

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
  const budget = (of: string, kind: 'time' | 'energy' | 'bytes', factor: number) => {
    const bound = budgetOf(data, of, kind);
    return bound === null ? null : bound / factor;
  };
  return designPlot({
    data,
    title: `latency and ${title} of ${rows.length} designs`,
    legend: 'filled: feasible · hollow: not · dashed: budgets · line: Pareto front · ring: the pick',
    rows,
    point,
    axes: {
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
    },
    front: rows.filter((row) => row.front).map(point),
    budgets: { x: budget('latency', 'time', xUnit.factor), y: budget(field, quantity, yUnit.factor) },
  });
}

/** Only positive numbers have a place on a logarithmic axis. */
function hasBoth(row: Row, field: (typeof measures)[number]['field']): boolean {
  return (row.latency ?? 0) > 0 && (row[field] ?? 0) > 0;
}
