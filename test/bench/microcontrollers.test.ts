import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const absent = !existsSync(`${root}dist/simulate/index.js`);
const reason = absent ? ' (skipped: nothing is built in dist/)' : '';

function bench(...args: string[]) {
  return JSON.parse(
    execFileSync(process.execPath, ['bench/run.mjs', 'microcontrollers', ...args, '--json'], {
      cwd: root,
      encoding: 'utf8',
    }),
  );
}

/** A row as the data that the table is made from has it: one that the fit never saw, with a latency of its own. */
const unseen = {
  version: 'v1.2',
  division: 'closed',
  submitter: 'STMicroelectronics',
  system: 'NUCLEO_L4R5ZI',
  board: 'NUCLEO-L4R5ZI',
  benchmark: 'vww',
  latency_ms: 100,
  throughput_inf_s: 10,
  energy_uJ: null,
  perf_file: 'closed/STMicroelectronics/results/NUCLEO_L4R5ZI/vww/performance/results.txt',
  source: 'mlcommons/tiny_results_v1.2@cadb362343f559d459e7cdb8748685ba76b9eb23',
};

describe('the bench of the microcontrollers', () => {
  it.skipIf(absent)(
    `prints how far each profile is from what it was fitted to, and left out${reason}`,
    () => {
      const { profiles, fitted, unseen: none } = bench();
      expect(profiles.length).toBeGreaterThan(8);
      expect(fitted).toBeLessThan(0.02);
      expect(none).toBeNull();
      for (const { leftOut } of profiles) expect(leftOut.mean).toBeGreaterThan(0.05);
    },
  );

  it.skipIf(absent)(`compares with rows of a file that the fit never saw${reason}`, () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nonn-rows-')), 'rows.json');
    writeFileSync(file, JSON.stringify({ rows: [unseen] }));
    const { profiles, unseen: error } = bench('--rows', file);
    const { latencies } = profiles.find(({ profile }: { profile: string }) => profile === 'nucleo-l4r5zi');
    expect(latencies).toMatchObject([{ network: 'vww', fitted: false, measured: 0.1 }]);
    expect(error).toBeCloseTo(Math.abs(latencies[0].predicted / 0.1 - 1), 12);
    rmSync(dirname(file), { recursive: true });
  });
});
