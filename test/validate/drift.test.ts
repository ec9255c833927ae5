import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleKernels } from '../../src/calibrate/index.js';
import { kernelTables, parseProfile } from '../../src/device/index.js';
import { compare } from '../../src/validate/compare.js';
import { driftOf, knownKernels } from '../../src/validate/drift.js';
import type { Subject } from '../../src/validate/subjects.js';
import { profileData } from '../device/profile-data.js';

function profileOf(kernels: Parameters<typeof kernelTables>[0]) {
  const data = profileData();
  data.latency['kernels'] = {
    '1': { tables: kernelTables(kernels), source: 'measured', citation: 'a test', date: '2026-11-27' },
  };
  return parseProfile(data, 'here.json');
}

const profile = (() => {
  const drawn = sampleKernels(3, { most: 1e8, usual: 1e7 });
  const kernels = Array.from({ length: 200 }, (_, index) => {
    const kernel = drawn.next().value;
    // The last ones take too long to be measured again.
    const seconds = index < 100 ? 1e-5 * (1 + index) : 6e-3;
    return { ...kernel, first: seconds, second: 1.01 * seconds };
  });
  return profileOf(kernels);
})();

describe('what a machine is slower by than when it was calibrated', () => {
  it('is told by kernels of the profile, each once, that are drawn by the seed', () => {
    const known = knownKernels(profile, 1, 1);
    expect(known).toHaveLength(48);
    expect(new Set(known.map(({ kernel }) => kernel.key)).size).toBe(48);
    expect(known.every(({ seconds }) => seconds <= 5e-3)).toBe(true);
    const keys = (seed: number) => knownKernels(profile, 1, seed).map(({ kernel }) => kernel.key);
    expect(keys(1)).toEqual(keys(1));
    expect(keys(2)).not.toEqual(keys(1));
  });

  it('is not told by kernels of a file that would fill the memory, or that no runtime has', () => {
    const times = { flops: 1, bytes: 1, first: 1e-4, second: 1e-4 };
    const wrong = profileOf([
      { family: 'dense', shape: { inputs: 1e6, units: 1e6, bias: 1, activation: 0 }, ...times },
      { family: 'activation', shape: { height: 1e5, width: 1e5, channels: 3, activation: 1 }, ...times },
      { family: 'activation', shape: { height: 1.5, width: 2, channels: 3, activation: 1 }, ...times },
    ]);
    expect(knownKernels(wrong, 1, 1)).toEqual([]);
  });

  it('is not told by a profile without measurements', () => {
    expect(knownKernels(parseProfile(profileData(), 'board.json'), 1, 1)).toEqual([]);
    expect(driftOf([], [])).toBeNull();
  });

  it('is the factor by which they became slower, whatever a few others did', () => {
    const known = knownKernels(profile, 1, 1);
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (slower) => {
        const measured = known.map(({ seconds }, index) => {
          const now = (index % 5 === 0 ? 7 : slower) * seconds;
          return { before: now, after: 1.02 * now };
        });
        const drift = driftOf(known, measured)!;
        expect(drift.kernels).toBe(48);
        expect(drift.factor / slower).toBeCloseTo(Math.sqrt(1.02), 9);
      }),
    );
  });

  it('is left out of the errors in a row of its own, and of nothing else', () => {
    const subjects: Subject[] = [1e-3, 2e-3].map((seconds, index) => ({
      kind: 'networks',
      name: `network ${index}`,
      predicted: { seconds, low: seconds, high: seconds, source: 'predicted' },
      works: [],
    }));
    const measured = subjects.map(({ predicted: { seconds } }) => ({
      before: 1.2 * seconds,
      after: 1.2 * seconds,
    }));
    const result = compare(profile, 1, subjects, measured, { factor: 1.2, kernels: 48 });
    expect(result.drift).toEqual({ factor: 1.2, kernels: 48 });
    expect(result.networks).toMatchObject({ within10: 0 });
    expect(result.kinds.networks!.withoutDrift).toMatchObject({ count: 2, within5: 1 });
    expect(result.kinds.networks!.withoutDrift!.mape).toBeCloseTo(0, 9);
    expect(compare(profile, 1, subjects, measured).kinds.networks).not.toHaveProperty('withoutDrift');
  });
});
