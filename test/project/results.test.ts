import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, root, runBuilt } from '../cli/run-built.js';

const scenarios = readdirSync(join(root, 'scenarios')).map((file) => basename(file, '.json'));

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((file) => file !== 'baseline.json');
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

describe.skipIf(!isBuilt)('the committed results', () => {
  it.each(scenarios)(
    'of %s come out again to the byte, with one worker and with two, twice each',
    async (name) => {
      const committed = contents(join(root, 'results', name));
      expect(Object.keys(committed)).toEqual(expect.arrayContaining(['candidates.csv', 'result.json']));
      for (const workers of ['1', '2', '1', '2']) {
        const folder = mkdtempSync(join(tmpdir(), 'nonn-results-'));
        const args = ['sweep', `scenarios/${name}.json`, '--out', folder, '--workers', workers, '--quiet'];
        expect(await runBuilt(root, args)).toMatchObject({ code: 0 });
        expect(contents(folder)).toEqual(committed);
        rmSync(folder, { recursive: true });
      }
    },
    // Four sweeps of each; a machine that is busy with something else takes its time.
    240_000,
  );

  it.each(scenarios)('of %s pass the gate of their own baseline', async (name) => {
    const args = [
      'gate',
      `results/${name}`,
      '--baseline',
      `results/${name}/baseline.json`,
      '--format',
      'json',
    ];
    const { code, stdout } = await runBuilt(root, args);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'pass' });
    expect(code).toBe(0);
  });
});
