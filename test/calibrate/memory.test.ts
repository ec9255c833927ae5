import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianPeak, runtimeMemory } from '../../src/calibrate/memory.js';
import { parseProfile, residentMemory } from '../../src/device/index.js';
import { profileData } from '../device/profile-data.js';

const nothing = { convolutions: 0, others: 0, maps: 0, windows: 0 };
const held = {
  small: { ...nothing, convolutions: 60e3, maps: 20e3 },
  convolutions: { ...nothing, convolutions: 64e6, maps: 60e3, windows: 200e3 },
  dense: { ...nothing, others: 63e6, maps: 8e3 },
  maps: { ...nothing, convolutions: 450e3, maps: 34e6, windows: 2.4e6 },
};
const copies = fc.double({ min: 1, max: 5, noNaN: true });

describe('the memory of a runtime', () => {
  it('is found back from the peaks of processes that hold mostly one kind of thing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 50e6, max: 500e6, noNaN: true }),
        copies,
        copies,
        copies,
        fc.constantFrom(0, 4),
        (base, weightCopies, denseCopies, mapCopies, windowBytes) => {
          const known = (value: number) => ({
            value,
            source: 'measured' as const,
            citation: 'a test',
            date: '2026-11-24',
          });
          const memory = {
            ...parseProfile(profileData(), 'profile.json').memory,
            runtimeBase: known(base),
            weightCopies: known(weightCopies),
            denseCopies: known(denseCopies),
            mapCopies: known(mapCopies),
            windowBytes: known(windowBytes),
          };
          const probe = (name: keyof typeof held) => ({
            ...held[name],
            peak: residentMemory(memory, held[name]).bytes,
          });
          const found = runtimeMemory(
            {
              small: probe('small'),
              convolutions: probe('convolutions'),
              dense: probe('dense'),
              maps: probe('maps'),
            },
            windowBytes,
          );
          // What the small network holds counts once there, so that is how exact it can be.
          expect(Math.abs(found.base! - base)).toBeLessThan(1e6);
          expect(found.weightCopies).toBeCloseTo(weightCopies, 1);
          expect(found.denseCopies).toBeCloseTo(denseCopies, 1);
          expect(found.mapCopies).toBeCloseTo(mapCopies, 0);
        },
      ),
    );
  });

  it('is that of the probe in the middle, where each ran several times', () => {
    const peaks = (...all: number[]) => all.map((peak) => ({ ...nothing, peak }));
    expect(medianPeak(peaks(3, 9, 5))!.peak).toBe(5);
    expect(medianPeak(peaks(7, 4))!.peak).toBe(4);
    expect(medianPeak([])).toBeUndefined();
  });

  it('is known as far as probes were run', () => {
    const small = { ...held.small, peak: 120e6 };
    expect(runtimeMemory({ small }, 0)).toEqual({ base: 120e6 - 80e3 });
    const convolutions = { ...held.convolutions, peak: 320e6 };
    expect(Object.keys(runtimeMemory({ small, convolutions }, 0))).toEqual(['base', 'weightCopies']);
  });

  it('never claims less than one copy of what is there', () => {
    const small = { ...held.small, peak: 120e6 };
    const convolutions = { ...held.convolutions, peak: 130e6 };
    expect(runtimeMemory({ small, convolutions }, 0).weightCopies).toBe(1);
  });
});
