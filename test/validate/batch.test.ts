import { describe, expect, it } from 'vitest';
import { loadProfile, parseProfile, predictBatch, predictNetwork } from '../../src/device/index.js';
import { zooNetwork } from '../../src/network/index.js';
import { validate } from '../../src/validate/index.js';
import { profileData } from '../device/profile-data.js';

const leftOut = { count: 8, median: 0.05, mean: 0.06, worst: 0.2, spread: 0.08, proportional: 0.9 };
const batchSection = {
  sizes: [1, 4],
  families: {
    conv: { work: { second: 0.5 }, call: 1e-5, longest: 1.2, leftOut },
    elementwise: { work: { second: 0.25 }, call: 1e-5, longest: 1, leftOut },
  },
  network: { factor: 1.1, leftOut },
  tables: [
    {
      operator: 'conv2d',
      fields: ['kernelHeight', 'kernelWidth', 'activation'],
      rows: ['5 5 0 1e3 1e3 1e-4 2e-4'],
    },
    { operator: 'add', fields: [], rows: ['1e3 1e3 1e-4 2e-4'] },
  ],
  source: 'measured',
  citation: 'a test',
  date: '2026-11-24',
};
const data = profileData();
data.latency['batch'] = { '1': batchSection };
const profile = parseProfile(data, 'profile.json');

describe('validation of batches', () => {
  it('compares each network with what it really took, beside the batch times one image', async () => {
    const networks = ['lenet5', 'knowledgenet-mnist'];
    const result = await validate({ profile, seed: 1, networks, batch: 4 });
    expect(result.batch).toBe(4);
    expect(result.rows.map(({ name }) => name)).toEqual(networks);
    for (const row of result.rows) {
      const network = zooNetwork(row.name);
      expect(row.predicted).toBe(predictBatch(profile, 1, network, 4).latency);
      expect(row.proportional).toBe(4 * predictNetwork(profile, 1, network).latency);
      expect(row.measured).toBeGreaterThan(0);
    }
    const { learned, proportional, overProportional, roofline } = result.kinds.networks!;
    expect(proportional!.count).toBe(2);
    expect(overProportional).toBeCloseTo(learned.mape / proportional!.mape, 12);
    expect(roofline!.count).toBe(2);
  });

  it('has no such row where no batch was asked for', async () => {
    const result = await validate({ profile, seed: 1, networks: ['lenet5'] });
    expect(result).not.toHaveProperty('batch');
    expect(result.kinds.networks).not.toHaveProperty('proportional');
    expect(result.rows[0]).not.toHaveProperty('proportional');
  });

  it('is refused in a sentence for kernels, for a profile that knows no batches, and where memory is short', async () => {
    const networks = ['lenet5'];
    await expect(validate({ profile, seed: 1, networks, kernels: 1, batch: 4 })).rejects.toThrow(
      '--batch: found kernels or a scenario to run, expected --network alone',
    );
    const { batch: _batch, ...latency } = profile.latency;
    await expect(validate({ profile: { ...profile, latency }, seed: 1, networks, batch: 4 })).rejects.toThrow(
      'profile test-board: latency.batch.1: found nothing measured of batches',
    );
    await expect(validate({ profile, seed: 1, networks: ['vgg16'], batch: 1024 })).rejects.toThrow(
      /^--batch: found 1024 images of vgg16, which take .* GB, expected at most 2.15 GB, which tfjs-wasm has here$/,
    );
    await expect(
      validate({ profile: loadProfile('raspberry-pi-4b'), seed: 1, networks, batch: 4 }),
    ).rejects.toThrow('runtime: found "ncnn"');
  });
});
