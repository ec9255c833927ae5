import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/init.js';
import { loadScenario } from '../../src/scenario/index.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quiet = { quiet: true, json: true, debug: false };

describe('nonn init', () => {
  it('writes a scenario that can be read, on a profile of its own, and a workflow that gates it', async () => {
    const study = join(folder, 'study');
    expect(await run([study], quiet)).toBe(0);
    expect(readdirSync(study).sort()).toEqual(['.github', 'device-profiles', 'scenario.json']);
    const scenario = loadScenario(join(study, 'scenario.json'));
    expect(scenario.name).toBe('starter');
    const text = readFileSync(join(study, 'scenario.json'), 'utf8');
    expect(text).toContain('"profile": "device-profiles/raspberry-pi-4b.json"');
    expect(readFileSync(join(study, '.github/workflows/nonn.yml'), 'utf8')).toContain(
      'npx nonn gate results --baseline baseline.json',
    );
  });

  it('never writes over a file, nor beside one that is in the way', async () => {
    const taken = join(folder, 'taken');
    mkdirSync(join(taken, 'device-profiles'), { recursive: true });
    writeFileSync(join(taken, 'device-profiles', 'raspberry-pi-4b.json'), 'mine');
    await expect(run([taken], quiet)).rejects.toThrow(
      /raspberry-pi-4b\.json: found a file that is there already, expected a new place$/,
    );
    expect(existsSync(join(taken, 'scenario.json'))).toBe(false);
    expect(readFileSync(join(taken, 'device-profiles', 'raspberry-pi-4b.json'), 'utf8')).toBe('mine');
  });

  it('takes back what it wrote where the rest cannot be written', async () => {
    const blocked = join(folder, 'blocked');
    mkdirSync(blocked);
    writeFileSync(join(blocked, 'device-profiles'), 'a file in the place of a folder');
    await expect(run([blocked], quiet)).rejects.toThrow('found a place that cannot be written');
    expect(readdirSync(blocked)).toEqual(['device-profiles']);
  });
});
