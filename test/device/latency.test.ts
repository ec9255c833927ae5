import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelCost, loadProfile, parseProfile, profileNames, workCost } from '../../src/device/index.js';
import { NonnError } from '../../src/foundation/index.js';
import { kernelOf, windowOf } from './kernels.js';
import { profileData } from './profile-data.js';

const profile = parseProfile(profileData(), 'profile.json');
const work = fc.integer({ min: 0, max: 2 ** 40 });
const operators = fc.constantFrom(
  'conv2d',
  'depthwiseConv2d',
  'dense',
  'maxPool',
  'add',
  'concat',
  'unheard',
);

describe('the latency of a kernel', () => {
  it('is max(flops / rate, bytes / bandwidth) + overhead of its family', () => {
    const compute = kernelCost(profile, 1, kernelOf('conv2d', 3e6, 1e6, windowOf(5)));
    expect(compute.seconds).toBeCloseTo(3e-3 + 1e-4, 12);
    const memory = kernelCost(profile, 1, kernelOf('conv2d', 1e6, 4e6, windowOf(5)));
    expect(memory.seconds).toBeCloseTo(4e-3 + 1e-4, 12);
    expect(memory.source).toBe('predicted');
  });

  it('never falls when the work grows, on every profile and number of threads', () => {
    for (const name of profileNames()) {
      const board = loadProfile(name);
      for (const threads of board.threads)
        fc.assert(
          fc.property(operators, work, work, work, work, (family, flops, bytes, moreFlops, moreBytes) => {
            const less = kernelCost(board, threads, kernelOf(family, flops, bytes, windowOf(3)));
            const more = kernelCost(
              board,
              threads,
              kernelOf(family, flops + moreFlops, bytes + moreBytes, windowOf(3)),
            );
            expect(more.seconds).toBeGreaterThanOrEqual(less.seconds);
          }),
          { numRuns: 50 },
        );
    }
  });

  it('is finite and positive, and lies inside its interval, for whatever kernel on the boards', () => {
    for (const name of profileNames()) {
      const board = loadProfile(name);
      fc.assert(
        fc.property(
          operators,
          work,
          work,
          fc.constantFrom(1, 2, 3, 5, 7),
          fc.constantFrom(1, 2),
          (family, flops, bytes, size, stride) => {
            const cost = kernelCost(
              board,
              board.threads[0]!,
              kernelOf(family, flops, bytes, windowOf(size, stride)),
            );
            expect(Number.isFinite(cost.high)).toBe(true);
            expect(cost.low).toBeGreaterThan(0);
            expect(cost.seconds).toBeGreaterThan(cost.low);
            expect(cost.high).toBeGreaterThan(cost.seconds);
          },
        ),
        { numRuns: 100 },
      );
    }
  });

  it('is extrapolated for a family that the profile lacks, an unknown operator, and outside the fitted range', () => {
    expect(kernelCost(profile, 1, kernelOf('dense', 1e6, 1e6)).source).toBe('extrapolated');
    expect(kernelCost(profile, 1, kernelOf('unheard', 1e6, 1e6)).source).toBe('extrapolated');
    const board = loadProfile('raspberry-pi-3b-plus');
    expect(kernelCost(board, 1, kernelOf('conv2d', 1e8, 1e6, windowOf(3))).source).toBe('predicted');
    expect(kernelCost(board, 1, kernelOf('conv2d', 1e13, 1e6, windowOf(3))).source).toBe('extrapolated');
  });

  it('is refused for threads that the profile does not have, and for a figure that nobody knows', () => {
    expect(() => kernelCost(profile, 3, kernelOf('add', 1, 1))).toThrow(
      'profile test-board: found 3 threads, expected one of 1',
    );
    const data = profileData();
    (data.latency['base'] as Record<string, Record<string, object>>)['1']!['elementwise'] = {
      ...(data.latency['base'] as Record<string, Record<string, object>>)['1']!['elementwise'],
      bandwidth: { unknown: 'never measured' },
    };
    const ignorant = parseProfile(data, 'profile.json');
    expect(() => kernelCost(ignorant, 1, kernelOf('add', 1, 1))).toThrow(
      'latency.base.1.elementwise.bandwidth: found an unknown value (never measured), expected a figure',
    );
  });
});

describe('the latency of work', () => {
  it('is the sum of its kernels', () => {
    const kernels = [kernelOf('conv2d', 3e6, 1e6, windowOf(5)), kernelOf('add', 1e3, 1e6)];
    const parts = kernels.map((kernel) => kernelCost(profile, 1, kernel).seconds);
    expect(workCost(profile, 1, { kind: 'kernels', kernels }).seconds).toBeCloseTo(parts[0]! + parts[1]!, 12);
    expect(workCost(profile, 1, { kind: 'kernels', kernels: [] }).seconds).toBe(0);
  });

  it('counts the bytes of a message and the overhead of handling it', () => {
    expect(workCost(profile, 1, { kind: 'encode', bytes: 1e6 }).seconds).toBeCloseTo(1.1e-3, 12);
    expect(workCost(profile, 1, { kind: 'decode', bytes: 1e6 }).seconds).toBeCloseTo(0.55e-3, 12);
  });

  it('says that encoding is extrapolated where the overhead of a message is unknown', () => {
    // 1120 MB/s: the published memcpy of a Raspberry Pi 3 B+ (sbc-bench).
    const cost = workCost(loadProfile('raspberry-pi-3b-plus'), 4, { kind: 'encode', bytes: 1.12e6 });
    expect(cost.seconds).toBeCloseTo(1e-3, 12);
    expect(cost.source).toBe('extrapolated');
  });

  it('refuses work of bare FLOP, which no profile can time', () => {
    expect(() => workCost(profile, 1, { kind: 'flops', flops: 1 })).toThrow(NonnError);
  });
});
