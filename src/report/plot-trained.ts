import type { TopLevelSpec } from 'vega-lite';
import { paretoFront, type Row } from '../explore/index.js';
import { columnUnit } from './column-unit.js';
import { labelsOf, logScale, position } from './plot-front.js';
import { placeLabels } from './plot-labels.js';
import { budgetOf, type PlotData, plotConfig, strategyScale, subtitleOf } from './plot-spec.js';

const WIDTH = 660;
const HEIGHT = 440;
const LABEL_SIZE = 12;

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
  const axes = { x, y };
  const feasible = points.filter((each) => each.feasible);
  const front = paretoFront(feasible.map((each) => [each.x, -each.y])).map((index) => feasible[index]!);
  const labels = labelsOf(rows, data).map((label) => ({ ...label, at: point(label.row) }));
  const pixel = (at: { x: number; y: number }) => ({
    x: WIDTH * position(at.x, x),
    y: (HEIGHT * (y.scale.domain[1] - at.y)) / (y.scale.domain[1] - y.scale.domain[0]),
  });
  const places = placeLabels(
    labels.map(({ words, at }) => ({ words, ...pixel(at) })),
    points.map(pixel),
    { width: WIDTH, height: HEIGHT },
    LABEL_SIZE,
  );
  const latency = budgetOf(data, 'latency', 'time');
  const floor = data.inputs['budgets.minAccuracy'];
  return {
    title: {
      text: `${data.scenario}: latency and accuracy of ${rows.length} trained ${rows.length === 1 ? 'design' : 'designs'}`,
      subtitle: [
        'filled: feasible · hollow: not · dashed: budgets · line: front of these two · ring: the pick · bars: seeds',
        ...subtitleOf(data),
      ],
    },
    width: WIDTH,
    height: HEIGHT,
    config: plotConfig,
    layer: [
      ...rule('x', x, latency === null ? null : latency / unit.factor),
      ...rule('y', y, typeof floor === 'number' ? 100 * floor : null),
      {
        data: { values: front },
        mark: { type: 'line', color: '#222222', strokeWidth: 1, opacity: 0.6 },
        encoding: { ...axes, order: { field: 'x', type: 'quantitative' } },
      },
      {
        data: { values: points.filter(({ least, most }) => most > least) },
        mark: { type: 'rule', color: '#999999', strokeWidth: 1 },
        encoding: { x, y: { ...y, field: 'least' }, y2: { field: 'most' } },
      },
      ...[false, true].map((isFeasible) => ({
        data: { values: points.filter((each) => each.feasible === isFeasible) },
        mark: {
          type: 'point',
          shape: 'circle',
          size: 64,
          strokeWidth: 1.5,
          filled: isFeasible,
          opacity: 0.85,
        },
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
        data: { values: rows.filter((row) => row.id === data.pick?.id).map(point) },
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

/** Percent, with a little room; what lies between 97 and 99 is not drawn from 0. */
function linearScale(values: readonly number[]) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.15 * (high - low), 0.1);
  const domain: [number, number] = [Math.max(0, low - room), Math.min(100, high + room)];
  return {
    field: 'y',
    type: 'quantitative' as const,
    title: 'accuracy on test images (%)',
    scale: { type: 'linear' as const, domain, nice: false, zero: false },
  };
}

/** A dashed line where a budget ends; none where it lies outside the plot. */
function rule(
  on: 'x' | 'y',
  axis: { readonly scale: { readonly domain: readonly [number, number] } },
  budget: number | null,
): object[] {
  const [low, high] = axis.scale.domain;
  if (budget === null || budget < low || budget > high) return [];
  return [
    {
      data: { values: [{ [on]: budget }] },
      mark: { type: 'rule', color: '#b03a2e', strokeDash: [5, 4], strokeWidth: 1 },
      encoding: { [on]: axis },
    },
  ];
}
