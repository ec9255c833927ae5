import { describe, expect, it } from 'vitest';
import { networkMemory, parseProfile, predictNetwork, residentMemory } from '../../src/device/index.js';
import { activationPeak } from '../../src/kernel/index.js';
import { NetworkBuilder, zooNetwork } from '../../src/network/index.js';
import { profileData } from './profile-data.js';

const known = (value: number | string) => ({
  value,
  source: 'measured',
  citation: 'a test',
  date: '2026-11-24',
});

describe('what a process holds of a network', () => {
  const b = new NetworkBuilder('counted');
  const conv = b.relu(b.batchNorm(b.conv2d(b.input([8, 8, 3]), { filters: 4, kernel: 3 })));
  const network = b.build(b.dense(b.globalAvgPool(conv), { units: 10 }));

  it('is counted by kind: weights of convolutions and others, activations, positions of windows', () => {
    expect(networkMemory(network, 1792)).toEqual({
      // 3x3x3x4 and a bias that the normalisation leaves; 4x10 and its bias.
      convolutions: 4 * (108 + 4),
      others: 4 * (40 + 10),
      maps: 4 * (8 * 8 * 3 + 8 * 8 * 4),
      windows: 9 * 64,
    });
  });

  it('is the runtime, its copies, and what it keeps for windows', () => {
    const { memory } = parseProfile(
      {
        ...profileData(),
        memory: {
          available: known('1 GB'),
          runtimeBase: known('100 MB'),
          weightCopies: known(3),
          denseCopies: known(2),
          mapCopies: known(1.5),
          windowBytes: known(4),
        },
      },
      'profile.json',
    );
    expect(residentMemory(memory, networkMemory(network, 1792))).toEqual({
      base: 100e6,
      bytes: 100e6 + 3 * 448 + 2 * 200 + 1.5 * 1792 + 4 * 576,
    });
  });

  it('is without the runtime, and with one copy of everything else, where the profile does not know more', () => {
    const data = profileData();
    const memory = { available: known('1 GB'), runtimeBase: { unknown: 'why' }, weightCopies: known(1) };
    const profile = parseProfile({ ...data, memory }, 'profile.json');
    const prediction = predictNetwork(profile, 1, network);
    expect(prediction.tensorMemory).toBe(448 + 200 + 1792);
    expect(prediction.peakMemory).toBe(prediction.tensorMemory);
    expect(prediction.runtimeBaseCounted).toBe(false);
  });

  it('adds up to all weights, whatever the network', () => {
    for (const name of ['wrn-16-2', 'mobilenet-v2', 'shufflenet-v1-g3', 'googlenet', 'ds-cnn-s']) {
      const network = zooNetwork(name);
      const { convolutions, others, maps } = networkMemory(network, activationPeak(network, 'tfjs-wasm'));
      const profile = parseProfile(profileData(), 'profile.json');
      const { tensorMemory } = predictNetwork(profile, 1, network);
      expect(convolutions + others + maps).toBe(tensorMemory);
      expect(others).toBeGreaterThan(0);
    }
  });
});
