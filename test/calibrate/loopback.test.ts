import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLoopback, measureLoopback } from '../../src/calibrate/loopback.js';
import { linkSection } from '../../src/calibrate/surroundings.js';
import { linkLatency, parseProfile } from '../../src/device/index.js';
import { profileData } from '../device/profile-data.js';

const figure = (value: number, extra: object = {}) => ({
  value,
  source: 'measured',
  citation: 'a test',
  date: '2026-11-24',
  ...extra,
});

function loopbackOf(fit: ReturnType<typeof fitLoopback>) {
  const data = { ...profileData(), link: linkSection(fit, figure) };
  return parseProfile(JSON.parse(JSON.stringify(data)), 'here.json').link.loopback!;
}

describe('the loopback of a machine', () => {
  it('is measured from messages of many sizes', async () => {
    const loopback = await measureLoopback(0.3);
    expect(loopback.sizes.length).toBeGreaterThan(5);
    expect(loopback.samples).toBeGreaterThanOrEqual(3 * loopback.sizes.length);
    const link = loopbackOf(loopback);
    for (const { bytes, seconds } of loopback.sizes) {
      const { value: rate } = link.rate as { value: number };
      const total = linkLatency(link, bytes)!.seconds + bytes / rate;
      expect(total / Math.max(seconds, bytes / rate)).toBeCloseTo(1, 3);
    }
  });

  it('takes no longer for a small message than for a larger one, and keeps the least of several times', () => {
    const fit = fitLoopback([
      { bytes: 100, times: [30e-6, 20e-6, 90e-6] },
      { bytes: 4000, times: [16e-6, 40e-6] },
      { bytes: 8e6, times: [8e-3] },
    ]);
    expect(fit.sizes.map(({ seconds }) => seconds)).toEqual([8e-6, 8e-6, 4e-3]);
    expect(fit.latency).toBe(8e-6);
    expect(fit.bandwidth).toBeCloseTo(8e6 / (4e-3 - 8e-6), 3);
    expect(fit.samples).toBe(6);
  });

  it('has a fixed part by size that is the same each time, continuous, and constant beyond the sizes', () => {
    const link = loopbackOf(
      fitLoopback([
        { bytes: 100, times: [20e-6] },
        { bytes: 10_000, times: [60e-6] },
        { bytes: 1_000_000, times: [1e-3] },
      ]),
    );
    const at = (bytes: number) => linkLatency(link, bytes)!.seconds;
    expect(at(1)).toBe(at(100));
    expect(at(1e9)).toBe(at(1e6));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (bytes) => {
        expect(at(bytes)).toBe(at(bytes));
        expect(at(bytes)).toBeGreaterThanOrEqual(0);
        expect(at(bytes)).toBeLessThanOrEqual(Math.max(at(100), at(10_000), at(1_000_000)) + 1e-12);
        expect(Math.abs(at(bytes + 1) - at(bytes))).toBeLessThan(1e-7);
      }),
    );
  });

  it('is its plain latency where a profile has no sizes, and unknown where it has none', () => {
    const { wifi } = parseProfile(profileData(), 'here.json').link;
    expect(linkLatency(wifi!, 5000)!.seconds).toBe(3e-3);
    expect(linkLatency({ ...wifi!, latency: { unknown: 'nobody knows' } }, 5000)).toBeNull();
  });

  it.each([
    [{ bytes: [1, 2], seconds: [1] }, 'link.loopback.bySize.seconds: found 1 times, expected one a size (2)'],
    [{ bytes: [2, 1], seconds: [1, 1] }, 'expected sizes in ascending order'],
    [{ bytes: [1], seconds: [-1] }, 'link.loopback.bySize.seconds[0]: found -1'],
  ])('is refused in a profile where its sizes are %j', (change, sentence) => {
    const link = linkSection(fitLoopback([{ bytes: 100, times: [1e-5] }]), figure);
    const data = {
      ...profileData(),
      link: { loopback: { ...link.loopback, bySize: { ...link.loopback.bySize, ...change } } },
    };
    expect(() => parseProfile(data, 'here.json')).toThrow(sentence);
  });
});
