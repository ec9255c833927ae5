import { describe, expect, it } from 'vitest';
import { fitLoopback, measureLoopback } from '../../src/calibrate/loopback.js';
import { linkSection } from '../../src/calibrate/surroundings.js';
import { messageTime, parseProfile } from '../../src/device/index.js';
import { measuredFigure, profileData } from '../device/profile-data.js';

function loopbackOf(fit: ReturnType<typeof fitLoopback>) {
  const data = { ...profileData(), link: linkSection(fit, measuredFigure) };
  return parseProfile(JSON.parse(JSON.stringify(data)), 'here.json').link.loopback!;
}

describe('the loopback of a machine', () => {
  it('is measured from messages of many sizes', async () => {
    const loopback = await measureLoopback(0.3);
    expect(loopback.sizes.length).toBeGreaterThan(5);
    expect(loopback.samples).toBeGreaterThanOrEqual(3 * loopback.sizes.length);
    const link = loopbackOf(loopback);
    for (const { bytes, seconds } of loopback.sizes) {
      const { latency, transfer } = messageTime(link, bytes)!;
      expect((latency.seconds + transfer) / seconds).toBeCloseTo(1, 3);
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

  it.each([
    [{ bytes: [1, 2], seconds: [1] }, 'link.loopback.bySize.seconds: found 1 times, expected one a size (2)'],
    [{ bytes: [2, 1], seconds: [1, 1] }, 'expected sizes in ascending order'],
    [
      { bytes: [1, 2], seconds: [2, 1] },
      'link.loopback.bySize.seconds[1]: found 1 after 2, expected no less time for more bytes',
    ],
    [{ bytes: [1], seconds: [-1] }, 'link.loopback.bySize.seconds[0]: found -1'],
  ])('is refused in a profile where its sizes are %j', (change, sentence) => {
    const link = linkSection(fitLoopback([{ bytes: 100, times: [1e-5] }]), measuredFigure);
    const data = {
      ...profileData(),
      link: { loopback: { ...link.loopback, bySize: { ...link.loopback.bySize, ...change } } },
    };
    expect(() => parseProfile(data, 'here.json')).toThrow(sentence);
  });
});
