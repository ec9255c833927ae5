import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePlanFile } from '../../src/plan/index.js';
import { simulate, simulatePlanFile } from '../../src/simulate/index.js';

const here = new URL('simgrid/', import.meta.url);
const reference = new URL('../../../shared/reference/simgrid/', import.meta.url);
const absent = !existsSync(reference);
const reason = absent ? ' (skipped: the reference folder is not here)' : '';

function plansIn(folder: URL): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.json'));
}

function expectFinishTimes(file: URL): void {
  const expected: Record<string, number> = JSON.parse(readFileSync(file, 'utf8')).finish;
  const { finish } = simulatePlanFile(file.pathname);
  expect(Object.keys(finish).sort()).toEqual(Object.keys(expected).sort());
  for (const [id, seconds] of Object.entries(expected))
    expect(Math.abs(finish[id]! - seconds) / seconds, id).toBeLessThan(1e-9);
}

describe('the finish times of SimGrid 3.32', () => {
  // Random plans with CM02's factors, cross-traffic and fatpipe links; simgrid/simgrid.py says how they came about.
  it.each(plansIn(here))('are met by %s within 1e-9 relative', (name) => {
    expectFinishTimes(new URL(name, here));
  });

  // CM02, factors 1, TCP-gamma 0, no cross-traffic, full updates.
  it.skipIf(absent).each(absent ? ['the reference plans'] : plansIn(reference))(
    `are met by %s within 1e-9 relative${reason}`,
    (name) => {
      expectFinishTimes(new URL(name, reference));
    },
  );
});

/** 100 kB over a link of 1 Mbit/s and 10 ms: SimGrid's documentation of its network models. */
function documentedExample(routes: readonly object[], crossTraffic: number) {
  return parsePlanFile(
    {
      model: { latencyFactor: 13.01, bandwidthFactor: 0.97, crossTraffic },
      cluster: {
        devices: [
          { name: 'a', speed: 1 },
          { name: 'b', speed: 1 },
        ],
        links: [{ name: 'wire', bandwidth: '1 Mbit/s', latency: '10 ms' }],
        routes,
      },
      tasks: [],
      messages: [{ id: 'm', from: 'a', to: 'b', bytes: '100 kB', after: [] }],
    },
    'example',
  );
}

describe("SimGrid's documented example with factors 13.01, 0.97 and 0.05", () => {
  const there = { from: 'a', to: 'b', links: ['wire'] };
  const back = { from: 'b', to: 'a', links: ['wire'] };
  const end = (routes: readonly object[], crossTraffic: number) => {
    const { plan, platform } = documentedExample(routes, crossTraffic);
    return simulate(plan, platform).finishes[0]!;
  };

  it('takes 0.996079 s', () => {
    expect(end([there, back], 0.05)).toBeCloseTo(0.01 * 13.01 + (1e5 * 1.05) / (125000 * 0.97), 12);
    expect(end([there, back], 0.05)).toBeCloseTo(0.996079, 6);
  });

  it('takes as long where no route for the answers is declared: they take the same link', () => {
    expect(end([there], 0.05)).toBe(end([there, back], 0.05));
  });

  it('takes 0.954842 s without cross-traffic', () => {
    expect(end([there, back], 0)).toBeCloseTo(0.01 * 13.01 + 1e5 / (125000 * 0.97), 12);
  });
});
