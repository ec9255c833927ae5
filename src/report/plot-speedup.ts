import type { TopLevelSpec } from 'vega-lite';
import type { Row } from '../explore/index.js';
import { logAxis, type PlotData, plotConfig, strategyScale, subtitleOf } from './plot-spec.js';

/**
 * Speed-up over the baseline by number of devices: a bar a strategy, of its fastest feasible design on so many
 * devices, pale where none is feasible. The axis is logarithmic and bars start at 1, so that twice as slow is as far
 * down as twice as fast is up. Null where there is no speed-up at all.
 */
export function speedupPlot(data: PlotData): TopLevelSpec | null {
  const bars = fastestByDevices(data.rows);
  if (bars.length === 0) return null;
  const baseline = data.inputs['baseline'];
  const { domain, ticks } = logAxis([1, ...bars.map((bar) => bar.speedup)]);
  const x = {
    field: 'devices',
    type: 'ordinal',
    title: 'devices',
    axis: { labelAngle: 0 },
    scale: { paddingInner: 0.12, paddingOuter: 0.06 },
  };
  const offset = {
    field: 'strategy',
    type: 'nominal',
    sort: strategyScale(data.rows).domain,
    scale: { paddingOuter: 0.1 },
  };
  const y = {
    field: 'speedup',
    type: 'quantitative',
    title: `speed-up over ${baseline ?? 'the baseline'}`,
    scale: { type: 'log', domain, nice: false },
    axis: { values: ticks, format: '~r' },
  };
  return {
    title: {
      text: `${data.scenario}: speed-up by number of devices`,
      subtitle: [
        'the fastest feasible design of each strategy · pale: none is feasible',
        ...subtitleOf(data),
      ],
    },
    width: 720,
    height: 360,
    config: plotConfig,
    data: { values: bars },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x,
          xOffset: offset,
          y: { ...y, stack: null },
          y2: { datum: 1 },
          description: { field: 'id' },
          color: {
            field: 'strategy',
            type: 'nominal',
            scale: strategyScale(data.rows),
            legend: { title: null, orient: 'right' },
          },
          opacity: { condition: { test: 'datum.feasible', value: 1 }, value: 0.35 },
        },
      },
      {
        mark: {
          type: 'text',
          fontSize: 9,
          color: '#444444',
          baseline: 'middle',
          dy: { expr: 'datum.speedup >= 1 ? -8 : 9' },
        },
        encoding: { x, xOffset: offset, y, text: { field: 'label' } },
      },
      {
        data: { values: [{ one: 1 }] },
        mark: { type: 'rule', color: '#222222', strokeWidth: 1 },
        encoding: { y: { field: 'one', type: 'quantitative' } },
      },
    ],
  } as unknown as TopLevelSpec;
}

interface Bar {
  readonly strategy: string;
  readonly devices: number;
  readonly speedup: number;
  readonly feasible: boolean;
  readonly label: string;
  readonly id: string;
}

function fastestByDevices(rows: readonly Row[]): Bar[] {
  const best = new Map<string, Row>();
  for (const row of rows) {
    if (row.speedup === null || row.speedup <= 0) continue;
    const key = `${row.strategy} ${row.devices}`;
    const other = best.get(key);
    const isBetter =
      other === undefined ||
      (row.feasible !== other.feasible ? row.feasible : row.speedup > (other.speedup ?? 0));
    if (isBetter) best.set(key, row);
  }
  return [...best.values()].map(({ id, strategy, devices, speedup, feasible }) => ({
    strategy,
    devices,
    speedup: speedup!,
    feasible,
    label: `${Number(speedup!.toPrecision(2))}`,
    id,
  }));
}
