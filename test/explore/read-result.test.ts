import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Result, readResult, writeResult } from '../../src/explore/index.js';
import { studyResult } from '../support/study.js';
import { expectReadOrRefused } from '../support/wrong-json.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-result-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let result: Result;
beforeAll(async () => {
  result = await studyResult();
});

describe('a result file', () => {
  it('reads back as what was written, by its name or by its folder', () => {
    writeResult(folder, result);
    expect(readResult(folder)).toEqual(result);
    expect(readResult(join(folder, 'result.json'))).toEqual(result);
  });

  it('may have fields of a later version, and lack all but its scenario and its metrics', () => {
    const file = join(folder, 'small.json');
    const metric = { id: 'latency/a', value: 1, unit: 's', better: 'lower' };
    writeFileSync(file, JSON.stringify({ scenario: 'a', metrics: [{ ...metric, draws: 3 }], later: [1] }));
    expect(readResult(file)).toMatchObject({
      scenario: 'a',
      metrics: [{ ...metric, low: null, high: null }],
      rows: [],
      inputs: {},
    });
  });

  it.each([
    ['missing', undefined, 'found no such file, expected a readable file'],
    ['truncated', '{"scenario": "a", "metr', 'found text that is not valid JSON'],
    ['of another kind', '{"name": "nonn"}', 'scenario: found nothing, expected a text'],
    ['a list', '[]', 'found [], expected an object'],
    [
      'with null for a value',
      wrong({ value: null }),
      'metrics[0].value: found null, expected a number or a text',
    ],
    [
      'with infinity',
      wrong({ value: 1 }).replace('"value":1', '"value":1e999'),
      'metrics[0].value: found Infinity',
    ],
    [
      'with a metric twice',
      wrong({}, {}),
      'metrics[1].id: found "m" a second time, expected each metric once',
    ],
    ['that steers a terminal', wrong({ id: '\u001b[2J' }), 'expected a text without control characters'],
  ])('that is %s is refused in one line', (what, text, message) => {
    const file = join(folder, `${what.replaceAll(' ', '-')}.json`);
    if (text !== undefined) writeFileSync(file, text);
    expect(() => readResult(file)).toThrow(message);
    expect(() => readResult(file)).toThrow(file);
  });

  it('of any bytes, any JSON, or right but for one value, is read or refused in one line', () => {
    const file = join(folder, 'fuzz.json');
    const good = JSON.parse(
      JSON.stringify({ ...result, rows: result.rows.slice(0, 1), inputs: { seed: 1 } }),
    );
    good.metrics.length = 2;
    expectReadOrRefused(file, good, readResult);
  });
});

/** A result with one metric a change. */
function wrong(...changes: object[]): string {
  const metrics = changes.map((change) => ({ id: 'm', value: 1, unit: 's', better: 'lower', ...change }));
  return JSON.stringify({ scenario: 'a', metrics });
}

/** Paths of everything in plain data. */
