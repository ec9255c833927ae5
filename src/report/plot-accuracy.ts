import type { TopLevelSpec } from 'vega-lite';
import { formatShare } from '../foundation/index.js';
import type { Row, Validation } from '../validate/index.js';
import { columnUnit } from './column-unit.js';
import { logAxis, plotConfig } from './plot-spec.js';

const SIDE = 480;
const BAND = 0.1;
/** Circle, the smaller the more rows there are. */
const SIZES = [
  [60, 64],
  [300, 36],
  [Number.POSITIVE_INFINITY, 20],
] as const;

/** Okabe and Ito's colours (2008) for families, darkened once around; networks and plans are black and grey. */
const colours: Readonly<Record<string, string>> = {
  conv3x3: '#0072b2',
  conv1x1: '#e69f00',
  conv: '#56b4e9',
  depthwise3x3: '#009e73',
  depthwise: '#7bc8a4',
  dense: '#d55e00',
  pool: '#cc79a7',
  elementwise: '#8a6d3b',
  move: '#b5a800',
  networks: '#111111',
  plans: '#7a7a7a',
};
const OTHER = '#5e3c99';

/**
 * Predicted against measured times, both logarithmic and on the same scale: a point a row, coloured by the family of a
 * kernel or else by its kind, hollow where the prediction is extrapolated; with the diagonal and a band of 10 % around it.
 */
export function accuracyPlot(validation: Validation): TopLevelSpec {
  const { rows, profile, runtime, threads } = validation;
  const { unit, factor } = columnUnit(
    rows.map((row) => row.measured),
    's',
  );
  const points = rows.map((row) => ({
    name: row.name,
    group: groupOf(row),
    extrapolated: row.extrapolated,
    measured: row.measured / factor,
    predicted: row.predicted / factor,
  }));
  const { domain, ticks } = logAxis(points.flatMap(({ measured, predicted }) => [measured, predicted]));
  const axis = (field: string) => ({
    field,
    type: 'quantitative',
    title: `${field} (${unit})`,
    scale: { type: 'log', domain, nice: false },
    axis: { values: ticks, format: '~r' },
  });
  const x = axis('measured');
  const y = axis('predicted');
  const groups = Object.keys(colours).filter((group) => points.some((point) => point.group === group));
  const others = [...new Set(points.map((point) => point.group))].filter((group) => !groups.includes(group));
  const ends = domain.map((at) => ({
    measured: at,
    predicted: at,
    least: at * (1 - BAND),
    most: at * (1 + BAND),
  }));
  const size = SIZES.find(([most]) => rows.length <= most)![1];
  return {
    title: {
      text: `${profile} (${runtime}, ${threads} ${threads === 1 ? 'thread' : 'threads'}): predicted and measured`,
      subtitle: [
        'band: 10 % around what was measured · hollow: extrapolated',
        ...(['kernels', 'networks', 'plans'] as const).flatMap((kind) => summaryLine(validation, kind)),
      ],
    },
    width: SIDE,
    height: SIDE,
    config: plotConfig,
    layer: [
      {
        data: { values: ends },
        mark: { type: 'area', color: '#dddddd', opacity: 0.7, clip: true },
        encoding: { x, y: { ...y, field: 'least' }, y2: { field: 'most' } },
      },
      {
        data: { values: ends },
        mark: { type: 'line', color: '#888888', strokeWidth: 1, clip: true },
        encoding: { x, y },
      },
      ...[true, false].map((extrapolated) => ({
        data: { values: points.filter((point) => point.extrapolated === extrapolated) },
        mark: {
          type: 'point',
          shape: 'circle',
          size,
          strokeWidth: 1.2,
          filled: !extrapolated,
          opacity: 0.8,
        },
        encoding: {
          x,
          y,
          description: { field: 'name' },
          color: {
            field: 'group',
            type: 'nominal',
            scale: {
              domain: [...groups, ...others],
              range: [...groups.map((group) => colours[group]!), ...others.map(() => OTHER)],
            },
            legend: { title: null, orient: 'right', symbolType: 'circle' },
          },
        },
      })),
    ],
  } as TopLevelSpec;
}

function groupOf({ kind, family }: Row): string {
  return family ?? kind;
}

function summaryLine({ kinds }: Validation, kind: Row['kind']): string[] {
  const comparison = kinds[kind];
  if (comparison === undefined) return [];
  const { learned, noiseFloor } = comparison;
  const words = [
    `${learned.count} ${learned.count === 1 ? kind.slice(0, -1) : kind}: ${formatShare(learned.within10)} within 10 %`,
    `mean error ${formatShare(learned.mape)}`,
    `measurements agree within 10 % for ${formatShare(noiseFloor.within10)}`,
  ];
  return [words.join(', ')];
}
