import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReadResult, resultSchema } from '../../src/explore/index.js';
import { readBaseline, recordFor, recordOf, updateBaseline } from '../../src/gate/index.js';
import { studyResult } from '../support/study.js';
import { expectReadOrRefused } from '../support/wrong-json.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-baseline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let result: ReadResult;
beforeAll(async () => {
  result = resultSchema.parse(await studyResult());
});

describe('a baseline file', () => {
  it('reads back as the record of its result, with hashes and every input that can matter', () => {
    const file = join(folder, 'new.json');
    expect(updateBaseline(file, [result])).toMatchObject({
      changed: true,
      scenarios: [{ scenario: 'study', was: 'added', metrics: result.metrics.length }],
      kept: [],
    });
    const record = recordFor(readBaseline(file), 'study', file);
    expect(record).toEqual(recordOf(result));
    expect(record.hashes).toMatchObject({ scenario: result.hashes.scenario, engine: result.hashes.engine });
    expect(record.inputs['cluster.medium.rate']).toBe('24.5 Mbit/s');
    expect(Object.keys(record.inputs).filter((path) => path.endsWith('.citation'))).toEqual([]);
  });

  it('keeps other scenarios, and is not written again when nothing changed', () => {
    const file = join(folder, 'two.json');
    updateBaseline(file, [result]);
    expect(updateBaseline(file, [{ ...result, scenario: 'another' }])).toMatchObject({ kept: ['study'] });
    const text = readFileSync(file, 'utf8');
    expect(Object.keys(readBaseline(file).scenarios)).toEqual(['another', 'study']);
    expect(updateBaseline(file, [result])).toMatchObject({
      changed: false,
      scenarios: [{ was: 'unchanged' }],
    });
    const slower = { ...result, metrics: result.metrics.slice(1) };
    expect(updateBaseline(file, [slower])).toMatchObject({ changed: true, scenarios: [{ was: 'replaced' }] });
    updateBaseline(file, [result]);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('names the scenarios that it has when another one is asked for', () => {
    const file = join(folder, 'new.json');
    updateBaseline(file, [result]);
    expect(() => recordFor(readBaseline(file), 'studdy', file)).toThrow(
      `${file}: scenarios: found no scenario "studdy", expected one of "study"`,
    );
  });

  it.each([
    ['truncated', '{"version": 1, "scenarios": {', 'found text that is not valid JSON'],
    ['of another kind', '{"name": "nonn", "version": "0.1.0"}', 'found the unknown field "name"'],
    ['of a later version', '{"version": 2, "scenarios": {}}', 'version: found 2, expected 1'],
    ['empty', '', 'found text that is not valid JSON'],
  ])('that is %s is refused in one line, and never overwritten', (what, text, message) => {
    const file = join(folder, `${what}.json`);
    writeFileSync(file, text);
    expect(() => readBaseline(file)).toThrow(message);
    expect(() => updateBaseline(file, [result])).toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('of any bytes, any JSON, or right but for one value, is read or refused in one line', () => {
    const file = join(folder, 'fuzz.json');
    const good = JSON.parse(JSON.stringify({ version: 1, scenarios: { study: recordOf(result) } }));
    good.scenarios.study.inputs = { seed: 1 };
    good.scenarios.study.metrics.length = 2;
    expectReadOrRefused(file, good, readBaseline);
  });
});

/** Paths of everything in plain data. */
