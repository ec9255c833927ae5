import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/gate.js';
import { writeResult } from '../../src/explore/index.js';
import { studyResult } from '../support/study.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-gate-'));
const baseline = join(folder, 'baseline.json');
const good = join(folder, 'good');
const slow = join(folder, 'slow');
const options = { quiet: true, json: false, debug: false, baseline, updateBaseline: false };

beforeAll(async () => {
  writeResult(good, await studyResult());
  writeResult(
    slow,
    await studyResult((data) => {
      data.cluster.medium.rate = '17.15 Mbit/s';
    }),
  );
  await captured(() => run([good], { ...options, updateBaseline: true }));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('nonn gate', () => {
  it('exits with 0 for an unchanged result, with 1 for a regression, with 3 where nothing can be compared', async () => {
    expect((await captured(() => run([good], options))).code).toBe(0);
    expect((await captured(() => run([join(slow, 'result.json')], options))).code).toBe(1);
    const empty = join(folder, 'empty.json');
    writeFileSync(
      empty,
      JSON.stringify({ version: 1, scenarios: { study: { hashes: {}, metrics: [], inputs: {} } } }),
    );
    expect((await captured(() => run([good], { ...options, baseline: empty }))).code).toBe(3);
  });

  it('prints one object with --format json and with --json', async () => {
    const { code, stdout } = await captured(() => run([slow], { ...options, format: 'json' }));
    expect(code).toBe(1);
    const verdict = JSON.parse(stdout);
    expect(verdict.verdict).toBe('fail');
    expect(
      verdict.rows.find((row: { metric: string }) => row.metric === 'latency/horizontal-wrn-16-2-on-2'),
    ).toMatchObject({
      baseline: expect.any(Number),
      current: expect.any(Number),
      change: expect.any(Number),
      verdict: 'fail',
      why: ['cluster.medium.rate: "24.5 Mbit/s" → "17.15 Mbit/s"'],
    });
    expect((await captured(() => run([slow], { ...options, json: true }))).stdout).toBe(stdout);
  });

  it('joins several results, and names the scenarios of the baseline that were not given', async () => {
    const other = join(folder, 'other.json');
    const both = join(folder, 'both.json');
    const text = readFileSync(join(good, 'result.json'), 'utf8');
    writeFileSync(other, text.replace('"scenario": "study"', '"scenario": "other"'));
    await captured(() => run([good, other], { ...options, baseline: both, updateBaseline: true }));
    const { code, stdout } = await captured(() =>
      run([good, other], { ...options, baseline: both, json: true }),
    );
    expect(code).toBe(0);
    expect(new Set(JSON.parse(stdout).rows.map((row: { scenario: string }) => row.scenario))).toEqual(
      new Set(['study', 'other']),
    );
    const one = await captured(() => run([good], { ...options, baseline: both, quiet: false }));
    expect(one).toMatchObject({ code: 0, stderr: 'not compared, since no result of it was given: other\n' });
  });

  it('says what --update-baseline did, and does nothing the second time', async () => {
    const file = join(folder, 'made', 'baseline.json');
    const update = () => captured(() => run([good], { ...options, baseline: file, updateBaseline: true }));
    expect((await update()).stdout).toMatch(/^wrote .*baseline\.json: study added \(\d+ metrics\)\n$/);
    expect((await update()).stdout).toMatch(
      /^.*baseline\.json is up to date: study unchanged \(\d+ metrics\)\n$/,
    );
  });

  it.each([
    ['a missing result', ['none'], baseline, 'none: found no such file'],
    ['a folder without a result', [folder], baseline, 'result.json: found no such file'],
    ['a missing baseline', [good], join(folder, 'none.json'), 'none.json: found no such file'],
    ['a result in the place of the baseline', [good], join(good, 'result.json'), 'found the unknown field "'],
    [
      'a baseline in the place of the result',
      [baseline],
      baseline,
      'scenario: found nothing, expected a text',
    ],
    ['the same scenario twice', [good, slow], baseline, 'found the scenario "study" a second time'],
  ])('refuses %s in one sentence and writes nothing', async (_what, results, file, message) => {
    await expect(run(results, { ...options, baseline: file })).rejects.toThrow(message);
    await expect(run(results, { ...options, baseline: file })).rejects.toMatchObject({ exitCode: 2 });
    expect(existsSync(join(folder, 'none.json'))).toBe(false);
  });
});

/** Runs a command and keeps what it prints. */
async function captured(command: () => Promise<number>) {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += text;
      return true;
    });
  try {
    const code = await command();
    return { code, ...texts };
  } finally {
    vi.restoreAllMocks();
  }
}
