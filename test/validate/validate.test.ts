import { beforeAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../src/calibrate/index.js';
import { type DeviceProfile, loadProfile, parseProfile } from '../../src/device/index.js';
import { makeScenario } from '../../src/scenario/index.js';
import { validate } from '../../src/validate/index.js';
import { samplesOf } from '../../src/validate/naive.js';

let profile: DeviceProfile;
beforeAll(async () => {
  const { document } = await calibrate({
    budget: 8,
    backend: 'tfjs-wasm',
    name: 'here',
    seed: 1,
    date: '2026-11-24',
  });
  profile = parseProfile(JSON.parse(JSON.stringify(document)), 'here.json');
});

const scenario = makeScenario(
  {
    networks: { teacher: { zoo: 'knowledgenet-mnist' }, students: [{ zoo: 'lenet5' }] },
    cluster: {
      devices: [{ name: 'pi', profile: 'raspberry-pi-4b', count: 2 }],
      medium: { kind: 'switched', bandwidth: '100 Mbit/s', latency: '1 ms' },
    },
    workload: { arrivals: 'single', inputAt: 'source', inputType: 'uint8' },
    candidates: [
      { strategy: 'single' },
      { strategy: 'horizontal', devices: [2] },
      { strategy: 'nonn', student: ['lenet5'], students: [2], partition: { assumed: 'equal' } },
    ],
    baseline: 'single-knowledgenet-mnist',
    seed: 1,
  },
  'test.json',
);

describe('validation', () => {
  it('compares kernels, networks and plans with what really ran, and tells how far it is', async () => {
    const progress: (readonly [number, number])[] = [];
    const result = await validate({
      profile,
      seed: 2,
      kernels: 12,
      networks: ['lenet5'],
      scenario,
      onProgress: (done, total) => progress.push([done, total]),
    });
    // Four rounds of 48 kernels of the profile and 16 rows; the twelve kernels of a round take turns.
    expect(progress.map(([done]) => done)).toEqual(
      [0, 64, 128, 192].flatMap((base) => [24, 48, 60, 61, 62, 63, 64].map((done) => base + done)),
    );
    expect(new Set(progress.map(([, total]) => total))).toEqual(new Set([256]));
    expect(result.drift!.kernels).toBe(48);
    expect(result.drift!.factor).toBeGreaterThan(0);
    const families = Object.values(result.families);
    expect(families.reduce((sum, { learned }) => sum + learned.count, 0)).toBe(12);
    expect(result.kinds.networks!.learned).toEqual(result.networks);
    const { learned, roofline, flops, overRoofline, overFlops } = result.kinds.kernels!;
    expect(overRoofline).toBeCloseTo(learned.mape / roofline!.mape, 12);
    expect(overFlops).toBeCloseTo(learned.mape / flops!.mape, 12);
    expect(result).toMatchObject({ runtime: 'tfjs-wasm', profile: 'here' });
    expect(result.kernels!.count).toBe(12);
    expect(result.networks!.count).toBe(1);
    expect(result.plans!.count).toBe(3);
    expect(result.flops!.count).toBe(16);
    expect(result.roofline!.count).toBe(16);
    expect(result.rows.slice(12).map(({ name }) => name)).toEqual([
      'lenet5',
      'single-knowledgenet-mnist',
      'horizontal-knowledgenet-mnist-on-2',
      'nonn-lenet5-x2',
    ]);
    for (const { predicted, measured, error, before, after } of result.rows) {
      expect(measured).toBe(Math.min(before, after));
      expect(measured).toBeGreaterThan(0);
      expect(error).toBeCloseTo(predicted / measured - 1, 12);
    }
    expect(result.noiseFloor.within10).toBeGreaterThanOrEqual(0);
  });

  it('reads the samples of a profile back as times', () => {
    const samples = samplesOf(profile, 1);
    expect(samples.length).toBeGreaterThan(20);
    for (const { seconds } of samples) expect(seconds).toBeGreaterThan(0);
  });

  it('refuses a profile of a runtime that does not run here', async () => {
    await expect(validate({ profile: loadProfile('raspberry-pi-4b'), seed: 1, kernels: 1 })).rejects.toThrow(
      'profile raspberry-pi-4b: runtime: found "ncnn", expected one that runs here',
    );
  });

  it('refuses to validate nothing', async () => {
    await expect(validate({ profile, seed: 1 })).rejects.toThrow('found nothing to run');
  });
});
