import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { readDataSet, readExperiment, runExperiment } from '../../src/learn/index.js';
import { png } from '../learn/data/image-files.js';
import { isBuilt, runBuilt } from './run-built.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-partition-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** PNG images of 8x8x3, each of its own colour, below `folder/name`. */
function place(name: string, classes: readonly string[], images = 20): void {
  const stream = randomStream(1, name);
  for (const split of ['train', 'test'])
    for (const of of classes)
      for (let index = 0; index < images; index++) {
        const file = join(folder, name, split, of, `${String(index).padStart(2, '0')}.png`);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, png(8, 8, [stream.integer(256), stream.integer(256), stream.integer(256)]));
      }
}

beforeAll(async () => {
  place('images', ['cat', 'dog']);
  place('three', ['cat', 'dog', 'eel']);
  place('empty', ['cat', 'dog']);
  rmSync(join(folder, 'empty/train/dog'), { recursive: true });
  mkdirSync(join(folder, 'empty/train/dog'));
  place('broken', ['cat', 'dog']);
  writeFileSync(join(folder, 'broken/train/dog/03.png'), png(8, 8, [1, 2, 3]).subarray(0, 60));
  const file = join(folder, 'experiment.json');
  const stages = [
    { id: 'teacher', kind: 'labels', network: 'resnet9-2' },
    { id: 'nonn', kind: 'nonn', teacher: 'teacher', students: ['resnet9-2', 'resnet9-2'] },
  ];
  const training = { epochs: 1, batch: 8, schedule: { kind: 'cosine', peak: 0.01 } };
  writeFileSync(
    file,
    JSON.stringify({ name: 'tiny', data: { set: 'images', validation: 0.25 }, training, stages }),
  );
  await runExperiment({
    experiment: readExperiment(file),
    data: await readDataSet('images', { path: join(folder, 'images'), validation: 0.25 }),
    out: join(folder, 'out'),
    seeds: [3],
    backend: 'tfjs-cpu',
    threads: 1,
  });
}, 120_000);

const teacher = ['--teacher', 'out/seed-3/teacher', '--data', 'images', '--backend', 'tfjs-cpu'];
const weights = ['--teacher', 'out/seed-3/teacher/weights.safetensors', '--network', 'resnet9-2'];
const partition = (...args: string[]) => runBuilt(folder, ['partition', '--students', '2', ...args]);
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

describe.skipIf(!isBuilt)('partition of a teacher (skipped without dist/: run npm run build)', () => {
  it('from the folder of a trained stage is the one that its NoNN was trained with', async () => {
    const { stdout, stderr, code } = await partition(...teacher, '--pool', 'balanced', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { students, unassigned } = JSON.parse(stdout);
    expect({ students, unassigned }).toEqual({
      students: read('out/seed-3/nonn/partition.json').students,
      unassigned: [],
    });
  }, 60_000);

  it('writes the partition, the filter network that gives the same one, and a picture', async () => {
    const files = ['--out', 'p.json', '--filter-network-out', 'f.json', '--plot', 'g.svg'];
    const budget = ['--budget-parameters', '100000', '60000'];
    const first = await partition(
      ...teacher,
      '--pool',
      'balanced',
      '--seed',
      '5',
      ...files,
      ...budget,
      '--json',
    );
    expect(first.code).toBe(0);
    expect(read('p.json')).toEqual(JSON.parse(first.stdout));
    expect(readFileSync(join(folder, 'g.svg'), 'utf8')).toContain('resnet9-2 on 10 validation images');
    const again = await partition(
      '--filter-network',
      'f.json',
      '--pool',
      'balanced',
      '--seed',
      '5',
      '--json',
    );
    const { bodies, ...rest } = JSON.parse(first.stdout);
    expect(JSON.parse(again.stdout)).toEqual(rest);
    expect(bodies).toHaveLength(2);
    expect(bodies[0].parameters).toBeLessThanOrEqual(100_000);
    expect(bodies[1].parameters).toBeLessThanOrEqual(60_000);
    expect(bodies[0].flops).toBeGreaterThanOrEqual(bodies[1].flops);
  }, 60_000);

  it('says so where the images are not those of its training', async () => {
    const { stderr, code } = await partition(
      ...teacher.slice(0, 2),
      '--data',
      'broken-not',
      '--pool',
      'balanced',
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('broken-not: found no such file')]);
    place('others', ['cat', 'dog']);
    const others = await partition(...teacher.slice(0, 2), '--data', 'others', '--pool', 'balanced');
    expect(others.stderr).toContain('others: not the images that resnet9-2 was trained on');
    expect(others.code).toBe(0);
  }, 60_000);

  it.each([
    ['a broken image', [...weights, '--data', 'broken'], 'train/dog/03.png: found a broken image'],
    ['an empty class folder', [...weights, '--data', 'empty'], 'empty: found no image in "train/dog"'],
    [
      "a class count that differs from the network's",
      [...weights, '--data', 'three'],
      'network resnet9-2: found 2 outputs, expected 3, one for each class of three',
    ],
    [
      'more students than groups of filters',
      [...weights, '--data', 'images', '--students', '500'],
      'partition: found 500 students for ',
    ],
    [
      'weights of another network',
      [...weights.slice(0, 3), 'resnet9-4', '--data', 'images'],
      'numbers, expected 3x3x3x4, as network resnet9-4 has',
    ],
    ['weights alone', [...weights.slice(0, 2), '--data', 'images'], 'without --network'],
    ['a NoNN', ['--teacher', 'out/seed-3/nonn', '--data', 'images'], 'kind: found a NoNN, expected a single'],
    ['a teacher without images', weights, 'found --teacher alone'],
    ['neither teacher nor filters', [], 'expected --filter-network FILE, or --teacher FILE with --data DIR'],
    ['both', [...weights, '--filter-network', 'f.json'], '--teacher: found it beside --filter-network'],
    [
      'a budget that nothing keeps to',
      [...weights, '--data', 'images', '--pool', 'balanced', '--budget-flops', '1kFLOP'],
      'student 1: student budget: found 1 kFLOP, expected enough for a student of',
    ],
  ])(
    'refuses %s in a sentence',
    async (_name, args, sentence) => {
      const { stdout, stderr, code } = await partition(...args);
      expect(stderr).toContain(sentence);
      expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
    },
    30_000,
  );
});
