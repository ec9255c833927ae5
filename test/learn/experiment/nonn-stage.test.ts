import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/foundation/index.js';
import {
  type DataSet,
  type ImageSet,
  largestStudent,
  readExperiment,
  runExperiment,
} from '../../../src/learn/index.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-stage-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Noise of 8x8x3 in two classes. */
function noise(count: number, name: string): ImageSet {
  const stream = randomStream(1, name);
  return {
    classes: ['a', 'b'],
    shape: [8, 8, 3],
    images: Uint8Array.from({ length: count * 192 }, () => stream.integer(256)),
    labels: Uint8Array.from({ length: count }, (_, index) => index % 2),
  };
}

const data: DataSet = {
  name: 'noise',
  train: noise(16, 'train'),
  validation: noise(16, 'validation'),
  test: noise(4, 'test'),
};

function experiment(nonn: object) {
  const file = join(folder, 'experiment.json');
  const training = { epochs: 1, batch: 8, schedule: { kind: 'cosine', peak: 0.01 } };
  const stages = [
    { id: 'teacher', kind: 'labels', network: 'resnet9-2' },
    { id: 'nonn', kind: 'nonn', teacher: 'teacher', ...nonn },
  ];
  writeFileSync(file, JSON.stringify({ name: 'budgets', data: { set: 'noise' }, training, stages }));
  return readExperiment(file);
}

const run = (nonn: object, out: string) =>
  runExperiment({
    experiment: experiment(nonn),
    data,
    out: join(folder, out),
    seeds: [1],
    backend: 'tfjs-cpu',
    threads: 1,
  });

describe('a NoNN by budgets', () => {
  it('is trained with the largest bodies that fit, unlike ones for unlike budgets, which its record names', async () => {
    const budgets = [{ parameters: 60_000 }, { memory: '60 kB' }];
    const [, record] = await run(
      { students: { count: 2, budget: budgets, families: ['resnet9'] } },
      'unlike',
    );
    const { students } = JSON.parse(readFileSync(join(folder, 'unlike/seed-1/nonn/partition.json'), 'utf8'));
    const expected = [{ parameters: 60_000 }, { memory: 60_000 }].map(
      (budget, index) =>
        largestStudent({
          filters: students[index].length,
          input: [8, 8, 3],
          budget,
          families: ['resnet9'],
        }).body,
    );
    expect(record!.network).toEqual(expected);
    expect(new Set(expected).size).toBe(2);
    expect(record!.filters).toEqual(students.map((own: number[]) => own.length));
  }, 60_000);

  it('says which student finds no body', async () => {
    await expect(run({ students: { count: 2, budget: { flops: 10 } } }, 'none')).rejects.toThrow(
      /^training nonn: student 1: student budget: found 10 FLOP, expected enough/,
    );
  }, 60_000);

  it.each([
    [
      'too few budgets',
      { count: 3, budget: [{ parameters: 1 }, { parameters: 2 }] },
      /found 2 budgets, expected 3/,
    ],
    ['a budget without a bound', { count: 2, budget: {} }, /stages\[1\]\.students/],
    ['a budget in a wrong unit', { count: 2, budget: { memory: '2 MW' } }, /stages\[1\]\.students/],
  ])('refuses %s in a sentence', (_name, students, sentence) => {
    expect(() => experiment({ students })).toThrow(sentence);
  });

  it('refuses a NoNN as teacher of another', () => {
    const file = join(folder, 'two.json');
    const training = { epochs: 1, schedule: { kind: 'cosine', peak: 0.01 } };
    const stages = [
      { id: 'teacher', kind: 'labels', network: 'resnet9-2' },
      { id: 'first', kind: 'nonn', teacher: 'teacher', students: ['resnet9-2'] },
      { id: 'second', kind: 'nonn', teacher: 'first', students: ['resnet9-2'] },
    ];
    writeFileSync(file, JSON.stringify({ name: 'two', data: { set: 'noise' }, training, stages }));
    expect(() => readExperiment(file)).toThrow(
      /found "first", which is a NoNN, expected a stage with a single network/,
    );
  });
});

describe('a NoNN of a teacher that flattens its last map', () => {
  const [height, width] = [28, 28];
  const grey = (set: ImageSet): ImageSet => {
    const count = set.labels.length;
    const stream = randomStream(2, `${count}`);
    return {
      ...set,
      shape: [height, width, 1],
      images: Uint8Array.from({ length: count * height * width }, () => stream.integer(256)),
    };
  };
  const large: DataSet = {
    name: 'grey',
    train: grey(data.train),
    validation: grey(data.validation!),
    test: grey(data.test),
  };

  it.each([
    ['pooled', 16],
    ['map', 5 * 5 * 16],
  ] as const)(
    'learns %s features',
    async (features, count) => {
      const file = join(folder, `${features}.json`);
      const training = { epochs: 1, batch: 8, schedule: { kind: 'cosine', peak: 0.01 } };
      const stages = [
        { id: 'teacher', kind: 'labels', network: 'lenet5' },
        { id: 'nonn', kind: 'nonn', teacher: 'teacher', features, students: ['resnet9-2', 'lenet5'] },
      ];
      writeFileSync(file, JSON.stringify({ name: 'maps', data: { set: 'grey' }, training, stages }));
      const [, record] = await runExperiment({
        experiment: readExperiment(file),
        data: large,
        out: join(folder, features),
        seeds: [1],
        backend: 'tfjs-cpu',
        threads: 1,
      });
      expect(record!.filters!.reduce((a, b) => a + b, 0)).toBe(16);
      expect(record!.log.at(-1)!.loss).toBeGreaterThan(0);
      const weights = readFileSync(join(folder, features, 'seed-1/nonn/weights.safetensors')).toString(
        'latin1',
      );
      expect(weights).toContain(`"classes/kernel":{"dtype":"F32","shape":[${count},2]`);
    },
    60_000,
  );
});
