import type { TopLevelSpec } from 'vega-lite';
import { paretoFront, type Row } from '../explore/index.js';
import { columnUnit } from './column-unit.js';
import { type Axis, designPlot, logScale } from './plot-designs.js';
import { budgetOf, type PlotData } from './plot-spec.js';

/**
 * Latency (logarithmic) against the accuracy that training measured: a point a design, filled where it is feasible, with
 * the standard deviation over seeds, the front of these two, the budgets, the pick and the baseline. Null where no design
 * was trained.
 */
export function trainedPlot(data: PlotData): TopLevelSpec | null {
  const rows = data.rows.filter((row) => row.accuracy !== null && (row.latency ?? 0) > 0);
  if (rows.length === 0) return null;
  const unit = columnUnit(
    rows.map((row) => row.latency),
    's',
  );
  const point = (row: Row) => ({
    id: row.id,
    strategy: row.strategy,
    feasible: row.feasible,
    x: row.latency! / unit.factor,
    y: 100 * row.accuracy!,
    least: 100 * (row.accuracy! - (row.accuracySpread ?? 0)),
    most: 100 * (row.accuracy! + (row.accuracySpread ?? 0)),
  });
  const points = rows.map(point);
  const x = logScale(
    'x',
    `latency (${unit.unit})`,
    points.map((each) => each.x),
  );
  const y = linearScale(points.flatMap(({ least, most }) => [least, most]));
  const feasible = points.filter((each) => each.feasible);
  const latency = budgetOf(data, 'latency', 'time');
  const floor = data.inputs['budgets.minAccuracy'];
  return designPlot({
    data,
    title: `latency and accuracy of ${rows.length} trained ${rows.length === 1 ? 'design' : 'designs'}`,
    legend:
      'filled: feasible · hollow: not · dashed: budgets · line: front of these two · ring: the pick · bars: seeds',
    rows,
    point,
    axes: { x, y },
    front: paretoFront(feasible.map((each) => [each.x, -each.y])).map((index) => feasible[index]!),
    budgets: {
      x: latency === null ? null : latency / unit.factor,
      y: typeof floor === 'number' ? 100 * floor : null,
    },
    between: [
      {
        data: { values: points.filter(({ least, most }) => most > least) },
        mark: { type: 'rule', color: '#999999', strokeWidth: 1 },
        encoding: { x, y: { ...y, field: 'least' }, y2: { field: 'most' } },
      },
    ],
  });
}

/** Percent, with a little room; what lies between 97 and 99 is not drawn from 0. */
function linearScale(values: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.15 * (high - low), 0.1);
  const domain: [number, number] = [Math.max(0, low - room), Math.min(100, high + room)];
  return {
    field: 'y',
    type: 'quantitative',
    title: 'accuracy on test images (%)',
    scale: { type: 'linear', domain, nice: false, zero: false },
  };
}
