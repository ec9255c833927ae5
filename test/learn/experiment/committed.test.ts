import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataSet, evaluateExperiment, mnist, readExperiment } from '../../../src/learn/index.js';
import { root } from '../../cli/run-built.js';

const experiment = readExperiment(join(root, 'experiments/mnist.json'));
const data = mnist({ validation: experiment.data.validation });

const evaluate = (out: string, stages: readonly string[], images: DataSet = data) =>
  evaluateExperiment({
    experiment,
    data: images,
    out,
    seeds: [1],
    stages,
    backend: 'tfjs-wasm',
    threads: 1,
  });

describe('the trained digits that come with nonn', () => {
  it('have the accuracy of their records: the teacher 98.8 % or more, four students 98 % and within a point of it', async () => {
    const rows = await evaluate(join(root, 'trained/mnist'), ['nonn-4']);
    expect(rows.map(({ record }) => record.stage)).toEqual(['teacher', 'nonn-4']);
    for (const { record, accuracy } of rows) expect(accuracy, record.stage).toBe(record.accuracy);
    const [teacher, students] = rows.map(({ accuracy }) => accuracy) as [number, number];
    expect(teacher).toBeGreaterThanOrEqual(0.988);
    expect(students).toBeGreaterThanOrEqual(0.98);
    expect(teacher - students).toBeLessThanOrEqual(0.01);
  });
});

describe('an evaluation says in a sentence', () => {
  let out: string;
  let folder: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'nonn-evaluate-'));
    folder = join(out, 'seed-1/teacher');
    cpSync(join(root, 'trained/mnist/seed-1/teacher'), folder, { recursive: true });
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  it('that the weights are not those of the record', async () => {
    const file = join(folder, 'weights.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file, bytes);
    await expect(evaluate(out, ['teacher'])).rejects.toThrow(
      /record\.json: hashes\.weights: found \w+, expected \w+, the hash of the weights beside it$/,
    );
  });

  it('that the images are not those that it was trained on', async () => {
    await expect(evaluate(out, ['teacher'], mnist({ validation: 0.2 }))).rejects.toThrow(
      /record\.json: data\.hash: found \w+, expected \w+, the hash of the images that are there now$/,
    );
  });

  it('that there are no weights at all', async () => {
    await expect(evaluate(out, ['single'])).rejects.toThrow(
      /: found no weights of experiment mnist \(seeds 1\), expected record\.json and weights\.safetensors in seed-1\/teacher/,
    );
  });

  it('that the experiment has no such stage', async () => {
    await expect(evaluate(out, ['nonn-5'])).rejects.toThrow(
      'experiment mnist: stages: found no stage "nonn-5", expected one of teacher, nonn-4, nonn-2, nonn-8, single, single-kd, single-at (did you mean "nonn-4"?)',
    );
  });
});
