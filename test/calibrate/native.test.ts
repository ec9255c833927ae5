import { describe, expect, it, vi } from 'vitest';
import { calibrate } from '../../src/calibrate/index.js';
import { kernelCost, parseProfile } from '../../src/device/index.js';
import { lowerWhole } from '../../src/kernel/index.js';
import { zooNetwork } from '../../src/network/index.js';
import { withoutNative } from '../support/native.js';

// The library reads it when it is loaded, which `withoutNative` does.
vi.hoisted(() => {
  process.env['TF_NUM_INTRAOP_THREADS'] = '2';
});

describe.skipIf(withoutNative)(`calibration of native kernels${withoutNative}`, () => {
  it('gives a profile of the threads that it was given', async () => {
    const options = { backend: 'tfjs-node', name: 'here', seed: 1, date: '2026-11-24' } as const;
    const { document } = await calibrate({ ...options, threads: 2, budget: 5 });
    const profile = parseProfile(JSON.parse(JSON.stringify(document)), 'here.json');
    expect(profile).toMatchObject({ runtime: 'tfjs-node', threads: [2] });
    for (const kernel of lowerWhole(zooNetwork('wrn-16-1')).kernels)
      expect(kernelCost(profile, 2, kernel).seconds).toBeGreaterThan(0);
    await expect(calibrate({ ...options, threads: 1, budget: 5 })).rejects.toThrow(
      'threads: found 1, expected 2, with which this process loaded the native kernels',
    );
  });
});
