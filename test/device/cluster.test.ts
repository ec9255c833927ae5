import { describe, expect, it } from 'vitest';
import {
  clusterSchema,
  parseProfile,
  platformOf,
  profileNames,
  resolveCluster,
} from '../../src/device/index.js';
import { parseDocument } from '../../src/foundation/index.js';
import { profileData } from './profile-data.js';

function resolve(data: unknown) {
  return resolveCluster(parseDocument(data, clusterSchema, 'scenario.json'), { file: 'scenario.json' });
}

describe('a cluster', () => {
  it('names the devices of a count, and goes on counting through the whole cluster', () => {
    const { devices } = resolve({
      devices: [
        { profile: 'raspberry-pi-3b-plus', count: 2 },
        { profile: 'raspberry-pi-4b' },
        { profile: 'raspberry-pi-4b', name: 'gateway', threads: 1 },
        { profile: 'raspberry-pi-4b', name: 'camera', count: 2 },
      ],
      medium: { kind: 'shared' },
    });
    expect(devices.map((device) => `${device.name} ${device.threads}`)).toEqual([
      'pi-1 4',
      'pi-2 4',
      'pi-3 4',
      'gateway 1',
      'camera-1 4',
      'camera-2 4',
    ]);
  });

  it('gives the simulator memory and power as the profile knows them, null where it does not', () => {
    const { devices } = platformOf(
      resolve({ devices: [{ profile: 'raspberry-pi-3b-plus' }], medium: { kind: 'shared' } }),
    );
    expect(devices[0]).toEqual({
      name: 'pi-1',
      profile: 'raspberry-pi-3b-plus',
      threads: 4,
      memory: 927 * 2 ** 20,
      runtimeBase: null,
      weightCopies: 1,
      power: { idle: 2.484, compute: 5.274, send: null, receive: null },
      powerPath: 'raspberry-pi-3b-plus: energy',
    });
  });

  it.each([
    [
      { devices: [{ profile: 'raspberry-pi-4' }], medium: { kind: 'shared' } },
      `scenario.json: cluster.devices[0].profile: found the unknown device profile "raspberry-pi-4", expected a file or one of ${profileNames().join(', ')} (did you mean "raspberry-pi-4b"?)`,
    ],
    [
      {
        devices: [
          { profile: 'raspberry-pi-4b', count: 1000 },
          { profile: 'raspberry-pi-4b', count: 25 },
        ],
        medium: { kind: 'shared' },
      },
      'scenario.json: cluster.devices[1].count: found 1025 devices, expected at most 1024 in a cluster',
    ],
    [
      { devices: [{ profile: 'raspberry-pi-4b', threads: 2 }], medium: { kind: 'shared' } },
      'scenario.json: cluster.devices[0].threads: found 2, expected one of 1, 4, which raspberry-pi-4b has',
    ],
    [
      { devices: [{ profile: 'raspberry-pi-4b', conut: 2 }], medium: { kind: 'shared' } },
      'scenario.json: devices[0].conut: found the unknown field "conut", expected one of name, profile, count, threads (did you mean "count"?)',
    ],
    [
      { devices: [{ profile: 'raspberry-pi-4b' }], medium: { kind: 'wifi' } },
      'scenario.json: medium.kind: found "wifi", expected one of shared, switched',
    ],
    [
      { devices: [{ profile: 'raspberry-pi-4b' }], medium: { kind: 'shared', rate: '24.5 W' } },
      'scenario.json: medium.rate: found "24.5 W" with a unit of power ("W"), expected a unit of bandwidth (B/s, kB/s, MB/s, GB/s, ...)',
    ],
    [
      { devices: [{ profile: 'raspberry-pi-4b' }], medium: { kind: 'shared', accessPoint: 'router' } },
      'scenario.json: cluster.medium.accessPoint: found "router", expected one of pi-1',
    ],
    [
      {
        devices: [
          { profile: 'raspberry-pi-4b', name: 'a' },
          { profile: 'raspberry-pi-4b', name: 'a' },
        ],
        medium: { kind: 'switched' },
      },
      'scenario.json: cluster.devices[1].name: found the name "a" twice, expected a name of its own for each device',
    ],
  ])('refuses %j in one sentence', (data, sentence) => {
    expect(() => resolve(data)).toThrow(new RegExp(`^${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  });

  it('asks for a rate in the medium where a profile has none', () => {
    const data = profileData();
    data.link = {};
    const profile = parseProfile(data, 'profile.json');
    const devices = [{ name: 'a', profile, threads: 1 }];
    expect(() => platformOf({ devices, medium: { kind: 'shared' } })).toThrow(
      'cluster.medium.rate: found nothing, and no link.wifi.rate in profile test-board, expected a rate in the medium',
    );
    expect(platformOf({ devices, medium: { kind: 'shared', rate: 1e6, latency: 0 } }).devices).toHaveLength(
      1,
    );
  });
});
