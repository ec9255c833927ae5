import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measurePower } from '../../src/calibrate/power.js';
import { energySection } from '../../src/calibrate/surroundings.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nonn-powercap-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function domain(name: string, what: string, energy: number, range = 1e12): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'name'), `${what}\n`);
  writeFileSync(join(folder, name, 'max_energy_range_uj'), `${range}\n`);
  writeFileSync(join(folder, name, 'energy_uj'), `${energy}\n`);
  return join(folder, name, 'energy_uj');
}

/** Adds microjoules to a counter that starts again at its range. */
function spend(file: string, microjoules: number, range = 1e12): void {
  const now = Number(readFileSync(file, 'utf8')) + microjoules;
  writeFileSync(file, `${now % range}\n`);
}

describe('power by the energy counters of the processor', () => {
  it('is what whole packages spent while they slept and while they computed, and nothing of their parts', async () => {
    const first = domain('intel-rapl:0', 'package-0', 5);
    const second = domain('intel-rapl:1', 'package-1', 7);
    domain('intel-rapl:0:0', 'core', 5);
    domain('intel-rapl:2', 'psys', 5);
    let spent = 0;
    const begun = performance.now();
    const power = await measurePower(
      () => {
        spend(first, 3e4);
        spend(second, 1e4);
        spent += 4e-2;
      },
      0.2,
      folder,
    );
    const seconds = (performance.now() - begun) / 1000;
    if ('unknown' in power) throw new Error(power.unknown);
    expect(power).toMatchObject({ idle: 0, packages: 2 });
    // Computing took half of the time, and not more than all of it.
    expect(power.compute).toBeGreaterThan(spent / seconds);
    expect(power.compute).toBeLessThanOrEqual(spent / 0.1);
  });

  it('counts on where a counter starts again', async () => {
    const counter = domain('intel-rapl:0', 'package-0', 990, 1000);
    let calls = 0;
    const power = await measurePower(
      () => {
        if (calls++ === 0) spend(counter, 30, 1000);
      },
      0.05,
      folder,
    );
    if ('unknown' in power) throw new Error(power.unknown);
    expect(power.compute).toBeGreaterThan(0);
    expect(power.compute).toBeLessThanOrEqual(30e-6 / 0.025);
  });

  it.each<[string, () => void, string]>([
    ['there are none', () => {}, 'intel-rapl:0 is not there'],
    [
      'none is of a whole processor',
      () => domain('intel-rapl:0', 'psys', 1),
      'no energy counter of a whole processor',
    ],
    [
      'one holds no number',
      () => writeFileSync(domain('intel-rapl:0', 'package-0', 1), 'x'),
      'holds no number',
    ],
  ])('is unknown, with the reason, where %s', async (_, prepare, reason) => {
    prepare();
    const power = await measurePower(() => {}, 0.02, folder);
    expect(power).toEqual({ unknown: expect.stringContaining(reason) });
    const section = energySection(power, 1, (value) => ({ value }));
    expect(section.idle).toEqual(power);
    expect(section.compute).toEqual({ 1: power });
  });
});
