import { describe, expect, it } from 'vitest';
import { explainProfile, loadProfile, parseProfile, profileNames } from '../../src/device/index.js';
import { profileData } from './profile-data.js';

describe('the explanation of a profile', () => {
  it('writes each figure with its unit, source and citation', () => {
    const rows = explainProfile(loadProfile('raspberry-pi-3b-plus'));
    const row = (path: string) => rows.find((candidate) => candidate.path === path)!;
    expect(row('link.wifi.rate')).toMatchObject({ value: '3.063 MB/s', source: 'published' });
    expect(row('energy.compute.4')).toMatchObject({ value: '5.274 W', interval: '5.274 W to 5.6 W' });
    expect(row('energy.compute.4').citation).toContain('joular/powerjoular');
    expect(row('latency.base.4.conv1x1.rate').value).toMatch(/ GFLOP\/s$/);
    expect(row('latency.base.1.conv3x3.shape').value).toMatch(
      /^work counts .* a group takes [\d.]+ [uµ]s more$/,
    );
    expect(row('energy.send')).toMatchObject({ value: 'unknown', source: 'unknown' });
    expect(row('memory.weightCopies').value).toBe('1');
  });

  it('shows the errors of the fit, network by network', () => {
    for (const name of profileNames()) {
      const profile = loadProfile(name);
      const rows = explainProfile(profile);
      for (const threads of profile.threads) {
        const fit = profile.latency.fit![String(threads)]!;
        const line = rows.find((row) => row.path === `latency.fit.${threads}.leftOut`)!;
        expect(line.value).toContain(`median ${(100 * fit.leftOut.median).toFixed(1)} %`);
        expect(rows.filter((row) => row.path.startsWith(`latency.fit.${threads}.rows.`))).toHaveLength(
          fit.rows!.length,
        );
      }
    }
  });

  it('has a line for every figure of the file', () => {
    const rows = explainProfile(parseProfile(profileData(), 'profile.json'));
    // 4 stated fields, 3 of memory, 6 of the base, 4 of messages, the measuring point, 4 of power, 4 of links.
    expect(rows).toHaveLength(26);
    expect(new Set(rows.map((row) => row.path)).size).toBe(26);
  });
});
