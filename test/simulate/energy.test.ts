import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceModel } from '../../src/device/index.js';
import type { Span } from '../../src/plan/index.js';
import { energyByDevice, energyHorizon } from '../../src/simulate/index.js';

function device(name: string, power: Partial<DeviceModel['power']> = {}): DeviceModel {
  return {
    name,
    profile: 'test',
    threads: 1,
    memory: null,
    runtimeBase: null,
    weightCopies: 1,
    power: { idle: 2, compute: 5, send: 3, receive: 2.5, ...power },
    powerPath: `cluster.devices[0] (${name}).power`,
  };
}

function span(lane: string, state: Span['state'], start: number, finish: number): Span {
  return { of: `${lane}${start}`, inference: 0, lane, ready: start, start, finish, state };
}

// a computes 0..2, encodes 2..3, sends 3.5..5 (latency 3..3.5) while it computes 4..4.5; b receives, decodes 5..6.
const spans = [
  span('a', 'compute', 0, 2),
  span('a', 'encode', 2, 3),
  span('a>b', 'latency', 3, 3.5),
  span('a>b', 'transfer', 3.5, 5),
  span('a', 'compute', 4, 4.5),
  span('b', 'decode', 5, 6),
];

describe('the energy of a device', () => {
  it('is that of the example worked out by hand', () => {
    expect(energyByDevice([device('a'), device('b')], spans, 6)).toEqual([
      {
        device: 'a',
        total: 2 * 6 + 3 * 2.5 + 3 * 1 + 1 * 1,
        idle: 12,
        compute: 7.5,
        encode: 3,
        decode: 0,
        // 3.5..5 without 4..4.5, in which the processor works.
        send: 1,
        receive: 0,
        radioCounted: true,
        utilisation: 3.5 / 6,
      },
      {
        device: 'b',
        total: 2 * 6 + 3 * 1 + 0.5 * 1.5,
        idle: 12,
        compute: 0,
        encode: 0,
        decode: 3,
        send: 0,
        receive: 0.75,
        radioCounted: true,
        utilisation: 1 / 6,
      },
    ]);
  });

  it('counts the time of an unknown radio as idle, and says so', () => {
    const [a, b] = energyByDevice([device('a', { send: null }), device('b', { send: null })], spans, 6);
    expect(a).toMatchObject({ send: 0, total: 22.5, radioCounted: false });
    // b never sends: nothing of it is left out.
    expect(b).toMatchObject({ receive: 0.75, radioCounted: true });
  });

  it('is unknown, with the name of the field, where idle or compute power is unknown', () => {
    const [idle] = energyByDevice([device('a', { idle: null, compute: null })], spans, 6);
    expect(idle).toMatchObject({ total: null, idle: null, missing: 'cluster.devices[0] (a).power.idle' });
    const [compute] = energyByDevice([device('a', { compute: null })], spans, 6);
    expect(compute).toMatchObject({
      total: null,
      missing: expect.stringMatching(/^cluster\.devices\[0\] \(a\)\.power\.compute\.\d+$/),
    });
  });

  it('is in one state at a time: its parts add up to the total, and to the power of the states in time', () => {
    const time = fc.double({ min: 0, max: 100, noNaN: true });
    const lane = fc.constantFrom('a>b', 'b>a', 'a>c', 'c>a');
    const transfers = fc.array(fc.tuple(lane, time, time), { maxLength: 12 });
    const work = fc.array(fc.tuple(fc.constantFrom('compute', 'encode', 'decode'), time), { maxLength: 12 });
    fc.assert(
      fc.property(transfers, work, (sent, worked) => {
        // The processor does one thing at a time: its work lies between consecutive cuts.
        const cuts = worked.map(([, at]) => at).sort((x, y) => x - y);
        const all = [
          ...sent.map(([on, x, y]) => span(on, 'transfer', Math.min(x, y), Math.max(x, y))),
          ...worked
            .slice(1)
            .map(([state], index) => span('a', state as Span['state'], cuts[index]!, cuts[index + 1]!)),
        ];
        const [a] = energyByDevice(
          ['a', 'b', 'c'].map((name) => device(name)),
          all,
          100,
        );
        const parts = a!.idle! + a!.compute! + a!.encode! + a!.decode! + a!.send! + a!.receive!;
        expect(parts).toBeCloseTo(a!.total!, 9);
        expect(a!.total).toBeCloseTo(byStates(all, 100), 6);
      }),
    );
  });

  it('counts to the makespan, and for periodic arrivals to the next arrival', () => {
    expect(energyHorizon('single', 3)).toBe(3);
    expect(energyHorizon({ poisson: 1, count: 5 }, 3)).toBe(3);
    expect(energyHorizon({ every: 2, count: 5 }, 3)).toBe(10);
    expect(energyHorizon({ every: 2, count: 5 }, 13)).toBe(13);
  });
});

/** Joules of device a, moment by moment between all starts and finishes. */
function byStates(all: readonly Span[], horizon: number): number {
  const moments = [...new Set([0, horizon, ...all.flatMap(({ start, finish }) => [start, finish])])];
  moments.sort((x, y) => x - y);
  return moments.slice(1).reduce((joules, to, index) => {
    const from = moments[index]!;
    const on = (wanted: (span: Span) => boolean) =>
      all.some((one) => wanted(one) && one.start <= from && one.finish >= to);
    const watts = on(({ lane }) => lane === 'a')
      ? 5
      : on(({ lane }) => lane.startsWith('a>'))
        ? 3
        : on(({ lane }) => lane.endsWith('>a'))
          ? 2.5
          : 2;
    return joules + watts * (to - from);
  }, 0);
}
