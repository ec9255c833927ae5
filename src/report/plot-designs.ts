import type { TopLevelSpec } from 'vega-lite';
import type { Row } from '../explore/index.js';
import { placeLabels } from './plot-labels.js';
import { logAxis, type PlotData, plotConfig, strategyScale, subtitleOf } from './plot-spec.js';

const WIDTH = 660;
const HEIGHT = 440;
const LABEL_SIZE = 12;

/** An axis, in the units in which it is drawn. */
export interface Axis {
  readonly field: 'x' | 'y';
  readonly type: 'quantitative';
  readonly title: string;
  readonly scale: {
    readonly type: 'log' | 'linear';
    readonly domain: readonly [number, number];
    readonly nice: false;
    readonly zero?: false;
  };
  readonly axis?: { readonly values: readonly number[]; readonly format: string };
}

/** Where a design stands. */
export interface DesignPoint {
  readonly id: string;
  readonly strategy: string;
  readonly feasible: boolean;
  readonly x: number;
  readonly y: number;
}

/** What a plot of designs shows beside the points themselves. */
export interface DesignPlot<P extends DesignPoint> {
  readonly data: PlotData;
  readonly title: string;
  /** What the marks mean. */
  readonly legend: string;
  /** The designs that have a place. */
  readonly rows: readonly Row[];
  /** Where a design stands. */
  readonly point: (row: Row) => P;
  readonly axes: { readonly x: Axis; readonly y: Axis };
  readonly front: readonly P[];
  /** Bounds on the two axes, in their units; null where there is none. */
  readonly budgets: { readonly x: number | null; readonly y: number | null };
  /** Layers between the line of the front and the points. */
  readonly between?: readonly object[];
}

/**
 * Designs as points in a plane, filled where they are feasible, with the front, the budgets, a ring around the pick, and
 * labels of the pick, the baseline and the fastest of other strategies.
 */
export function designPlot<P extends DesignPoint>(plot: DesignPlot<P>): TopLevelSpec {
  const { data, rows, point, axes, budgets } = plot;
  const points = rows.map(point);
  const labels = labelsOf(rows, data).map((label) => ({ ...label, at: point(label.row) }));
  const pixel = (at: DesignPoint) => ({
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
    title: { text: `${data.scenario}: ${plot.title}`, subtitle: [plot.legend, ...subtitleOf(data)] },
    width: WIDTH,
    height: HEIGHT,
    config: plotConfig,
    layer: [
      ...budgetRule('x', axes.x, budgets.x),
      ...budgetRule('y', axes.y, budgets.y),
      {
        data: { values: plot.front },
        mark: { type: 'line', color: '#222222', strokeWidth: 1, opacity: 0.6 },
        encoding: { ...axes, order: { field: 'x', type: 'quantitative' } },
      },
      ...(plot.between ?? []),
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

/** The pick, the baseline, and the fastest design of every strategy that these two leave out. */
function labelsOf(
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

/** A logarithmic axis around values, with round numbers on it. */
export function logScale(field: 'x' | 'y', title: string, values: readonly number[]): Axis {
  const { domain, ticks } = logAxis(values);
  return {
    field,
    type: 'quantitative',
    title,
    scale: { type: 'log', domain, nice: false },
    axis: { values: ticks, format: '~r' },
  };
}

/** Where a value stands on an axis, from 0 to 1. */
function position(value: number, { scale }: Axis): number {
  const [low, high] = scale.domain;
  return scale.type === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** A dashed line where a budget ends; none where it lies outside the plot. */
function budgetRule(on: 'x' | 'y', axis: Axis, budget: number | null): object[] {
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
