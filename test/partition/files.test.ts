import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/explore/index.js';
import { NonnError } from '../../src/foundation/index.js';
import { readFilterNetwork } from '../../src/partition/index.js';
import { makeScenario } from '../../src/scenario/index.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-partition-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a reader on a file of these contents: it reads them, or throws one line that names the file. */
function readOrSentence(contents: string | Uint8Array, read: (file: string) => unknown): void {
  const file = join(folder, 'file.json');
  writeFileSync(file, contents);
  try {
    read(file);
  } catch (error) {
    expect(error).toBeInstanceOf(NonnError);
    expect((error as Error).message).toContain('file.json');
    expect((error as Error).message).not.toContain('\n');
  }
}

const anything = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.json(),
  fc
    .record(
      { filters: fc.jsonValue(), weights: fc.jsonValue(), students: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((data) => JSON.stringify(data)),
  fc
    .record({
      filters: fc.integer({ min: -1, max: 4 }),
      weights: fc.array(fc.array(fc.oneof(fc.double(), fc.constant(0)), { maxLength: 4 }), { maxLength: 4 }),
    })
    .map((data) => JSON.stringify(data)),
  fc
    .record({
      students: fc.array(fc.array(fc.integer({ min: -1, max: 40 }), { maxLength: 5 }), { maxLength: 3 }),
    })
    .map((data) => JSON.stringify(data)),
);

describe('a file of any contents', () => {
  it('is read as a filter network or refused in one sentence', () => {
    fc.assert(
      fc.property(anything, (contents) => readOrSentence(contents, readFilterNetwork)),
      { numRuns: 400 },
    );
  });

  it("is read as a NoNN's partition or refused in one sentence", () => {
    const data = JSON.parse(readFileSync('scenarios/mnist-quick.json', 'utf8'));
    const base = join(folder, 'scenario.json');
    const candidates = [{ strategy: 'nonn', student: 'lenet5', students: 2, partition: 'file.json' }];
    const scenario = makeScenario({ ...data, candidates, baseline: 'nonn-lenet5-x2' }, base);
    fc.assert(
      fc.property(anything, (contents) =>
        readOrSentence(contents, () => evaluate(scenario, scenario.candidates[0]!)),
      ),
      { numRuns: 300 },
    );
  });
});
