import { describe, expect, it } from 'vitest';
import { calibratedMachine, machineWarning } from '../../src/calibrate/index.js';
import { type CalibratedMachine, machineDifferences, parseProfile } from '../../src/device/index.js';
import { profileData } from '../device/profile-data.js';

const machine: CalibratedMachine = {
  processor: 'Cortex-A72',
  cores: 4,
  platform: 'linux arm64',
  node: '20.11.1',
  backend: '4.22.0',
};

describe('the machine of a calibrated profile', () => {
  it('differs from another in what changes times: processor, cores, platform, versions', () => {
    expect(machineDifferences(machine, { ...machine, node: '20.19.0' })).toEqual([]);
    expect(machineDifferences(machine, { ...machine, node: '22.1.0' })).toEqual([
      'another Node.js (20 here, 22 there)',
    ]);
    expect(
      machineDifferences(machine, {
        processor: 'AMD EPYC',
        cores: 2,
        platform: 'linux x64',
        node: '20.11.1',
        backend: '4.20.0',
      }),
    ).toEqual([
      'another processor (Cortex-A72 here, AMD EPYC there)',
      'another number of cores (4 here, 2 there)',
      'another platform (linux arm64 here, linux x64 there)',
      'another version of the backend (4.22.0 here, 4.20.0 there)',
    ]);
  });

  it('is warned of in one sentence where it is not this one, and only there', () => {
    const here = calibratedMachine('tfjs-wasm');
    const profile = (of: CalibratedMachine) => parseProfile({ ...profileData(), machine: of }, 'here.json');
    expect(machineWarning(profile(here))).toBeNull();
    expect(machineWarning(profile({ ...here, processor: 'Another One', cores: here.cores + 1 }))).toBe(
      `profile test-board: calibrated with another processor (${here.processor} here, Another One there), another number of cores (${here.cores} here, ${here.cores + 1} there), so its times are not those of this machine`,
    );
  });

  it('is no matter of profiles that were not calibrated', () => {
    expect(machineWarning(parseProfile(profileData(), 'board.json'))).toBeNull();
  });

  it('is refused in a profile where it is tampered with, in a sentence', () => {
    const broken = { ...profileData(), machine: { ...machine, node: 'twenty' } };
    expect(() => parseProfile(broken, 'here.json')).toThrow(
      'here.json: machine.node: found "twenty", expected a version such as "20.19.0"',
    );
    const { cores: _cores, ...without } = machine;
    expect(() => parseProfile({ ...profileData(), machine: without }, 'here.json')).toThrow(
      /^here\.json: machine\.cores: found nothing, expected/,
    );
  });
});
