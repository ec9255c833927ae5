import { describe, expect, it } from 'vitest';
import { accuracyPlot, renderSvg } from '../../src/report/index.js';
import type { Comparison, Row, Validation } from '../../src/validate/index.js';

const row = (change: Partial<Row>): Row => {
  const { predicted = 1e-3, measured = 1e-3, ...rest } = change;
  return {
    kind: 'kernels',
    name: 'conv2d(height=8)',
    family: 'conv3x3',
    predicted,
    measured,
    low: predicted,
    high: predicted,
    error: predicted / measured - 1,
    extrapolated: false,
    before: measured,
    after: measured,
    roofline: null,
    flops: null,
    ...rest,
  };
};
const comparison: Comparison = {
  noiseFloor: { within5: 0.5, within10: 0.87, mean: 0.04 },
  learned: { count: 3, within5: 0.4, within10: 0.63, mape: 0.12, worst: 0.4, spearman: 1, kendall: 1 },
};
const validation: Validation = {
  runtime: 'tfjs-wasm',
  profile: 'here',
  threads: 1,
  noiseFloor: comparison.noiseFloor,
  kinds: { kernels: comparison, networks: { ...comparison, learned: { ...comparison.learned, count: 1 } } },
  families: {},
  rows: [
    row({ predicted: 2e-6, measured: 3e-6 }),
    row({ family: 'pool', extrapolated: true }),
    row({ kind: 'networks', name: 'lenet5', measured: 0.2, predicted: 0.21, family: undefined as never }),
  ],
};

describe('the picture of a validation', () => {
  it('has a point a row, filled inside the sampled range and hollow outside, between equal axes', () => {
    const spec = accuracyPlot(validation) as unknown as {
      layer: { data: { values: { name?: string }[] }; mark: { type: string; filled?: boolean } }[];
    };
    const points = spec.layer.filter(({ mark }) => mark.type === 'point');
    expect(points.map(({ mark, data }) => [mark.filled, data.values.length])).toEqual([
      [false, 1],
      [true, 2],
    ]);
    expect(spec.layer[0]!.data.values).toMatchObject([
      { measured: expect.any(Number), predicted: expect.any(Number) },
      {},
    ]);
    for (const { measured, least, most } of spec.layer[0]!.data.values as unknown as Record<
      'measured' | 'least' | 'most',
      number
    >[]) {
      expect(least / measured).toBeCloseTo(0.9, 12);
      expect(most / measured).toBeCloseTo(1.1, 12);
    }
  });

  it('says how good predictions and measurements are, in the same bytes each time', async () => {
    const svg = await renderSvg(accuracyPlot(validation));
    expect(await renderSvg(accuracyPlot(validation))).toBe(svg);
    for (const words of [
      'here (tfjs-wasm, 1 thread)',
      '3 kernels: 63.0 % within 10 %, mean error 12.0 %, measurements agree within 10 % for 87.0 %',
      '1 network: ',
      'hollow: extrapolated',
      'conv3x3',
      'networks',
    ])
      expect(svg).toContain(words);
    expect(svg).not.toContain('NaN');
  });
});
