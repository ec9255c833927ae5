import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleKernels } from '../../src/calibrate/index.js';
import { Journal, journalFile } from '../../src/calibrate/journal.js';
import { calibratedMachine } from '../../src/calibrate/machine.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settings = { backend: 'tfjs-wasm', threads: 1, budget: 60, seed: 1, fingerprint: 'abc' };
const drawn = sampleKernels(1, { most: 1e8, usual: 1e7 });
const samples = Array.from({ length: 5 }, () => ({ kernel: drawn.next().value, first: 1e-5, second: 2e-5 }));

const sides = {
  encode: { bandwidth: 3e9, overhead: 1e-5, spread: 0.1, samples: 8 },
  decode: { bandwidth: 7e9, overhead: 1e-6, spread: 0.1, samples: 8 },
  loopback: { latency: 1e-5, bandwidth: 1e9, sizes: [{ bytes: 64, seconds: 2e-5 }], samples: 9 },
  runtimeBase: 1e8,
  surroundings: {
    machine: calibratedMachine('tfjs-wasm'),
    memory: { base: 1.2e8 },
    power: { unknown: 'no counters' },
  },
};

function begun(name: string): string {
  const profile = join(folder, name);
  const journal = new Journal(profile, settings);
  journal.add({ elapsed: 5, sides });
  journal.add({ elapsed: 7, samples: samples.slice(0, 3) });
  journal.add({ elapsed: 9, samples: samples.slice(3) });
  journal.add({ elapsed: 10, batches: [{ kernel: samples[0]!.kernel, seconds: [1e-5, 2e-5] }] });
  journal.add({ elapsed: 11, networks: [{ index: 0, seconds: 1e-3, cold: 1e-2 }] });
  journal.close();
  return profile;
}

describe('the measurements of an unfinished calibration', () => {
  it('are found by another call with the same settings, with the time that they took', () => {
    const { found } = new Journal(begun('same.json'), settings);
    expect(found.samples.map(({ kernel }) => kernel.key)).toEqual(samples.map(({ kernel }) => kernel.key));
    expect(found.networks).toHaveLength(1);
    expect(found.batches.map(({ kernel }) => kernel.key)).toEqual([samples[0]!.kernel.key]);
    expect(found.sides).toEqual(sides);
    expect(found.elapsed).toBe(11);
  });

  it('go on after a line that was cut off', () => {
    const profile = begun('cut.json');
    appendFileSync(journalFile(profile), '{"elapsed":13,"samples":[{"kern');
    const journal = new Journal(profile, settings);
    expect(journal.found).toMatchObject({ elapsed: 11, samples: { length: 5 } });
    journal.add({ elapsed: 14, samples: samples.slice(0, 1) });
    journal.close();
    expect(new Journal(profile, settings).found).toMatchObject({ elapsed: 14, samples: { length: 6 } });
    expect(readFileSync(journalFile(profile), 'utf8')).not.toContain('"kern\n');
  });

  it('begin anew where only a piece of the first line was written', () => {
    const profile = join(folder, 'piece.json');
    writeFileSync(journalFile(profile), '{"kind":"nonn cal');
    expect(new Journal(profile, settings).found).toMatchObject({ samples: [], sides: undefined });
  });

  it('are refused by other settings, in a sentence', () => {
    const profile = begun('other.json');
    expect(() => new Journal(profile, { ...settings, seed: 2 })).toThrow(
      'seed: found an unfinished calibration with 1, expected 2 as now; repeat its command to finish it, or remove the file to begin anew',
    );
    expect(() => new Journal(profile, { ...settings, fingerprint: 'def' })).toThrow('fingerprint: found');
  });

  it('are not looked for in a file of something else, which stays as it is', () => {
    const profile = join(folder, 'foreign.json');
    for (const text of ['my notes\nof today\n', 'my notes', '{"kind":"a list"}\n']) {
      writeFileSync(journalFile(profile), text);
      expect(() => new Journal(profile, settings)).toThrow(
        'found something else than the measurements of an unfinished calibration',
      );
      expect(readFileSync(journalFile(profile), 'utf8')).toBe(text);
    }
  });

  it('are removed when the profile is written', () => {
    const profile = begun('done.json');
    const journal = new Journal(profile, settings);
    journal.close();
    journal.remove();
    expect(existsSync(journalFile(profile))).toBe(false);
  });
});
