import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { frontPlot, renderSvg, speedupPlot, trainedPlot, writePlots } from '../../src/report/index.js';
import { logAxis } from '../../src/report/plot-spec.js';
import { rowWith } from '../support/rows.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-plot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = [
  rowWith(),
  rowWith({
    id: 'nonn-a-x2',
    strategy: 'nonn',
    devices: 2,
    latency: 0.004,
    energyPerNode: 0.02,
    speedup: 4,
    front: true,
  }),
  rowWith({
    id: 'horizontal-a-on-2',
    strategy: 'horizontal',
    devices: 2,
    latency: 0.3,
    energyPerNode: 1.2,
    speedup: 0.05,
    feasible: false,
  }),
];
const data = {
  scenario: 'study',
  rows,
  pick: { id: 'nonn-a-x2' },
  inputs: { baseline: 'single-wrn-16-2', 'budgets.latency': '100 ms' },
};

describe('the pictures of a result', () => {
  it('are well-formed SVG of the same bytes each time, in whatever order they are drawn', async () => {
    const written = await writePlots(folder, data);
    expect(written).toEqual([join(folder, 'front.svg'), join(folder, 'speedup.svg')]);
    const first = written.map((file) => readFileSync(file, 'utf8'));
    expect(await renderSvg(speedupPlot(data)!)).toBe(first[1]);
    expect(await renderSvg(frontPlot(data)!)).toBe(first[0]);
    for (const svg of first) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg.trimEnd().endsWith('</svg>')).toBe(true);
      expect(svg).not.toContain('NaN');
    }
  });

  it('name the pick, the baseline, the profile with its error, and where the input starts', async () => {
    const svg = await renderSvg(frontPlot(data)!);
    for (const words of [
      'pick: nonn-a-x2',
      'baseline: single-wrn-16-2',
      'input at source, uint8',
      'fit error 12.7 %',
    ])
      expect(svg).toContain(words);
  });

  it('show a design filled where it is feasible and hollow where it is not', async () => {
    const svg = await renderSvg(frontPlot({ ...data, pick: null })!);
    const fillOf = (id: string) =>
      /fill="([^"]*)"/.exec(new RegExp(`<path aria-label="${id}"[^>]*>`).exec(svg)![0])?.[1];
    expect(fillOf('single-wrn-16-2')).toBe('#6b6b6b');
    expect(fillOf('nonn-a-x2')).toBe('#009e73');
    expect(fillOf('horizontal-a-on-2')).toBeUndefined();
  });

  it('show accuracy over latency where designs were trained, with a bar for the seeds, and no such picture otherwise', async () => {
    const trained = rows.map((row, index) => ({
      ...row,
      accuracy: index === 2 ? null : 0.98 - index / 100,
      accuracySpread: index === 0 ? 0.002 : null,
      accuracySeeds: 3,
    }));
    const spec = trainedPlot({
      ...data,
      rows: trained,
      inputs: { ...data.inputs, 'budgets.minAccuracy': 0.975 },
    })!;
    const layers = (spec as unknown as { layer: { mark: { type: string }; data: { values: object[] } }[] })
      .layer;
    const values = (type: string) =>
      layers.filter(({ mark }) => mark.type === type).map((layer) => layer.data.values);
    expect(values('rule')).toEqual([
      [{ y: 97.5 }],
      [
        expect.objectContaining({
          id: 'single-wrn-16-2',
          least: expect.closeTo(97.8),
          most: expect.closeTo(98.2),
        }),
      ],
    ]);
    // The slower design is more often right, so both are on the front of these two.
    expect(values('line')[0]!.map((point) => (point as { id: string }).id)).toEqual([
      'single-wrn-16-2',
      'nonn-a-x2',
    ]);
    const svg = await renderSvg(spec);
    expect(svg).toContain('latency and accuracy of 2 trained designs');
    expect(svg).not.toContain('NaN');
    expect(trainedPlot(data)).toBeNull();
  });

  it('fall back on memory where no energy is known, and leave out what would show nothing', async () => {
    const unknown = rows.map((row) => ({ ...row, energyPerNode: null }));
    expect(await renderSvg(frontPlot({ ...data, rows: unknown })!)).toContain('memory per node');
    const nothing = rows.map((row) => ({ ...row, latency: null, speedup: null }));
    const empty = join(folder, 'empty');
    expect(await writePlots(empty, { ...data, rows: nothing })).toEqual([]);
    expect(existsSync(empty)).toBe(false);
  });
});

describe('the door of the report room', () => {
  it('does not load Vega: only a picture does', () => {
    const room = new URL('../../src/report/', import.meta.url);
    for (const file of readdirSync(room))
      expect(readFileSync(new URL(file, room), 'utf8')).not.toMatch(
        /^(import|export) (?!type )[^;(]* from 'vega/m,
      );
  });
});

describe('a logarithmic axis', () => {
  it('holds every value and at least one tick, in ascending order', () => {
    const value = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const { domain, ticks } = logAxis(values);
        expect(values.every((each) => each > domain[0] && each < domain[1])).toBe(true);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
      }),
    );
  });
});
