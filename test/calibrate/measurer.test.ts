import { describe, expect, it } from 'vitest';
import { sampleKernels } from '../../src/calibrate/index.js';
import { measureSamples } from '../../src/calibrate/measure-samples.js';
import { measurerOf } from '../../src/calibrate/measurer.js';
import { NonnError } from '../../src/foundation/index.js';
import type { Kernel } from '../../src/kernel/index.js';
import { openBackend } from '../../src/runtime/index.js';
import { isBuilt } from '../cli/run-built.js';

const rounds = { most: 2, least: 1, seconds: 0.05 };

function take(count: number): readonly Kernel[] {
  const kernels = sampleKernels(4, { most: 1e6, usual: 1e6 });
  return Array.from({ length: count }, () => kernels.next().value);
}

describe.skipIf(!isBuilt)('the processes that measure', () => {
  it('answer with seconds, kernel by kernel, also after one of them was replaced for its many shapes', async () => {
    const backend = await openBackend('tfjs-wasm');
    const measurer = measurerOf({ backend, seed: 1, warmUpSeconds: 0.1 });
    try {
      const kernels = take(1000);
      for (let from = 0; from < kernels.length; from += 250) {
        const seconds = await measurer.kernels(kernels.slice(from, from + 250), rounds);
        expect(seconds).toHaveLength(250);
        for (const value of seconds) expect(value).toBeGreaterThan(0);
      }
      expect(await measurer.network(0)).toMatchObject({ index: 0, seconds: expect.any(Number) });
    } finally {
      measurer.close();
    }
  });

  it('end with an error of one sentence where they cannot go on', async () => {
    const backend = await openBackend('tfjs-wasm');
    const measurer = measurerOf({
      backend: { ...backend, name: 'tfjs-none' as never },
      seed: 1,
      warmUpSeconds: 0,
    });
    const asked = measurer.kernels(take(1), rounds);
    await expect(asked).rejects.toThrow(NonnError);
    await expect(asked).rejects.toThrow('backend: found "tfjs-none", expected one of');
  });

  it('pass on what is wrong with a kernel, and go on; what was not foreseen ends them', async () => {
    const backend = await openBackend('tfjs-wasm');
    const measurer = measurerOf({ backend, seed: 1, warmUpSeconds: 0 });
    try {
      const [kernel] = take(1);
      const unknown = measurer.kernels([{ ...kernel!, family: 'fold' }], rounds);
      await expect(unknown).rejects.toThrow('"fold"');
      expect(await measurer.kernels([kernel!], rounds)).toHaveLength(1);
      const broken = measurer.kernels([kernel!], null as never);
      await expect(broken).rejects.toThrow('found that the process that measures ended (code 1)');
    } finally {
      measurer.close();
    }
  });
});

describe('measuring until the time is over', () => {
  it('measures each group twice, with others in between, and a slow one again', async () => {
    const asked: string[][] = [];
    let now = 0;
    const kernels = take(2000);
    let drawn = 0;
    const samples: string[] = [];
    const dropped = await measureSamples({
      next: async (count) => {
        drawn += count;
        return kernels.slice(drawn - count, drawn);
      },
      measurer: {
        kernels: async (group) => {
          asked.push(group.map(({ key }) => key));
          now += group.length === 1 ? 0 : 1;
          // The machine is slow for a while.
          return group.map(() => (now > 20 && now < 23 ? 2 : 1));
        },
        network: () => Promise.reject(new Error('no network is asked for')),
        close: () => {},
      },
      pulse: kernels.at(-1)!,
      secondsLeft: () => 100 - now,
      longestWait: 20,
      onRound: (round) => {
        for (const { kernel, first, second } of round) {
          samples.push(kernel.key);
          expect([first, second]).toEqual([1, 1]);
        }
      },
    });
    const groups = asked.filter((keys) => keys.length > 1).map((keys) => keys.join());
    expect(dropped).toBe(2);
    expect(new Set(samples).size).toBe(samples.length);
    const places = new Map<string, number[]>();
    for (const [place, group] of groups.entries()) places.set(group, [...(places.get(group) ?? []), place]);
    for (const found of places.values()) expect(found.length).toBeGreaterThanOrEqual(2);
    const gaps = [...places.values()].map((found) => found.at(-1)! - found[0]!);
    expect(Math.min(...gaps)).toBeGreaterThan(5);
    expect(now).toBeLessThanOrEqual(103);
  });

  it('measures kernels twice more whose two times are far apart, and no others', async () => {
    const kernels = take(2000);
    const doubtful = new Set(kernels.filter((_, index) => index % 5 === 0).map(({ key }) => key));
    const counts = new Map<string, number>();
    const found = new Map<string, readonly [number, number]>();
    let [now, drawn] = [0, 0];
    await measureSamples({
      next: async (count) => {
        drawn += count;
        return kernels.slice(drawn - count, drawn);
      },
      measurer: {
        kernels: async (group) => {
          if (group.length === 1) return [1];
          now++;
          return group.map(({ key }) => {
            const count = counts.get(key) ?? 0;
            counts.set(key, count + 1);
            return doubtful.has(key) ? [4, 3, 2, 5][count]! : 1 + 0.01 * count;
          });
        },
        network: () => Promise.reject(new Error('no network is asked for')),
        close: () => {},
      },
      pulse: kernels.at(-1)!,
      secondsLeft: () => 200 - now,
      longestWait: 20,
      onRound: (round) => {
        for (const { kernel, first, second } of round) found.set(kernel.key, [first, second]);
      },
    });
    const times = [...found].filter(([key]) => doubtful.has(key));
    // For the last ones there is no time any more.
    const again = times.filter(([key]) => counts.get(key) === 4);
    expect(again.length).toBeGreaterThan(100);
    expect(times.length - again.length).toBeLessThan(again.length / 3);
    for (const [, seconds] of again) expect(seconds).toEqual([2, 3]);
    for (const [key, seconds] of found) {
      if (doubtful.has(key)) continue;
      expect(counts.get(key)).toBe(2);
      expect(seconds).toEqual([1, 1.01]);
    }
  });
});
