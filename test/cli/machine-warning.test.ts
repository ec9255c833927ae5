import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calibratedMachine } from '../../src/calibrate/index.js';
import type { GlobalOptions } from '../../src/cli/command.js';
import { run as predict } from '../../src/cli/predict.js';
import { run as simulate } from '../../src/cli/simulate.js';
import { run as sweep } from '../../src/cli/sweep.js';
import { run as validate } from '../../src/cli/validate.js';
import { latencyFamilies } from '../../src/device/index.js';
import { profileData } from '../device/profile-data.js';

const options: GlobalOptions = { quiet: false, json: true, debug: false };
const here = calibratedMachine('tfjs-wasm');
const elsewhere = { ...here, processor: 'Cortex-A72' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nonn-elsewhere-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A profile of another machine or of this one, and a scenario of two devices that have it. */
function files(machine: typeof here): { readonly profile: string; readonly scenario: string } {
  const data = profileData();
  const [family] = Object.values((data.latency['base'] as Record<string, Record<string, unknown>>)['1']!);
  const base = { '1': Object.fromEntries(latencyFamilies.map((name) => [name, family])) };
  const profile = join(folder, 'board.json');
  writeFileSync(profile, JSON.stringify({ ...data, machine, latency: { ...data.latency, base } }));
  const scenario = join(folder, 'study.json');
  writeFileSync(
    scenario,
    JSON.stringify({
      networks: { teacher: { zoo: 'lenet5' }, students: [] },
      cluster: {
        devices: [{ name: 'pi', profile: './board.json', count: 2 }],
        medium: { kind: 'switched', bandwidth: '100 Mbit/s', latency: '1 ms' },
      },
      workload: { arrivals: 'single', inputAt: 'source', inputType: 'uint8' },
      candidates: [{ strategy: 'single' }],
      baseline: 'single-lenet5',
      seed: 1,
    }),
  );
  return { profile, scenario };
}

async function output(command: () => Promise<unknown>): Promise<{ stdout: string; stderr: string[] }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await command();
  const texts = (of: typeof out) => of.mock.calls.map(([text]) => String(text));
  return { stdout: texts(out).join(''), stderr: texts(err as typeof out) };
}

type Files = ReturnType<typeof files>;
const commands: [string, (at: Files, options: GlobalOptions) => Promise<unknown>][] = [
  ['predict', ({ profile }, options) => predict(['lenet5'], { ...options, profile })],
  ['simulate', ({ scenario }, options) => simulate([scenario], options)],
  ['sweep', ({ scenario }, options) => sweep([scenario], { ...options, workers: 1 })],
  ['validate', ({ profile }, options) => validate([], { ...options, profile, kernels: 1 })],
];

describe('a profile that was calibrated on another machine', () => {
  it.each(commands)('is warned of once on stderr by %s, and the result is as usual', async (_, command) => {
    const { stdout, stderr } = await output(() => command(files(elsewhere), options));
    const warnings = stderr.filter((text) => text.includes('warning'));
    expect(warnings).toEqual([
      `nonn: warning: profile test-board: calibrated with another processor (${here.processor} here, Cortex-A72 there), so its times are not those of this machine\n`,
    ]);
    expect(() => JSON.parse(stdout)).not.toThrow();
  });

  it('is not warned of with --quiet', async () => {
    const quiet = { ...options, quiet: true };
    const { stderr } = await output(() =>
      predict(['lenet5'], { ...quiet, profile: files(elsewhere).profile }),
    );
    expect(stderr).toEqual([]);
  });
});

describe('a profile that was calibrated here', () => {
  it.each(commands)('is used by %s without a warning', async (_, command) => {
    const { stderr } = await output(() => command(files(here), options));
    expect(stderr.filter((text) => text.includes('warning'))).toEqual([]);
  });
});
