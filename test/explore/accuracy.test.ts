import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  candidatesCsv,
  compareRows,
  pick,
  type Result,
  resultOf,
  resultSchema,
  sweep,
} from '../../src/explore/index.js';
import { NonnError } from '../../src/foundation/index.js';
import { gate, recordOf } from '../../src/gate/index.js';
import { designOf, makeScenario, type StageRecord, trainedIn } from '../../src/scenario/index.js';
import { rowWith } from '../support/rows.js';
import { fittedFolder } from '../support/trained.js';

let folder: string;
beforeAll(async () => {
  folder = await fittedFolder([1, 2]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const network = { zoo: 'lenet5', input: 28, classes: 10 };

function study(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'study',
    networks: { teacher: network },
    accuracy: [folder],
    cluster: {
      devices: [{ profile: 'raspberry-pi-4b', count: 2, threads: 4 }],
      medium: { kind: 'switched', bandwidth: '939 Mbit/s' },
    },
    candidates: [
      { strategy: 'single' },
      { strategy: 'horizontal', devices: 2 },
      { strategy: 'nonn', student: 'lenet5', students: 2, partition: join(folder, 'seed-1/nonn-2') },
    ],
    baseline: 'single-lenet5',
    ...change,
  };
}

async function result(change: Record<string, unknown> = {}): Promise<Result> {
  const scenario = makeScenario(study(change), 'study.json');
  return resultOf(scenario, await sweep(scenario));
}

function accuracies(stage: string): number[] {
  return trainedIn(folder).flatMap(({ record }) => (record.stage === stage ? [record.accuracy] : []));
}

describe('the accuracy of a design', () => {
  it('is the mean over the seeds that exactly its network was trained under, on one board or on several', async () => {
    const { rows } = await result();
    const [a, b] = accuracies('teacher') as [number, number];
    for (const row of rows.slice(0, 2))
      expect(row).toMatchObject({
        accuracy: (a + b) / 2,
        accuracySeeds: 2,
        accuracySource: 'few/teacher, seeds 1, 2, on 240 test images of few-digits',
      });
    expect(rows[0]!.accuracySpread).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    expect(rows[0]!.recordHash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is of a NoNN that of its partition, which another seed has not', async () => {
    const { rows } = await result();
    expect(rows[2]).toMatchObject({
      accuracy: accuracies('nonn-2')[0],
      accuracySpread: null,
      accuracySeeds: 1,
      accuracySource:
        'few/nonn-2, seed 1 of 2 (the others have another partition), on 240 test images of few-digits',
    });
  });

  it('is unknown for an assumed partition of the same sizes, for another width, and in int8', async () => {
    const { rows } = await result({
      networks: { teacher: { ...network, dtype: 'int8' }, students: [{ zoo: 'wrn-10-1' }, 'wrn-16-1'] },
      candidates: [
        { strategy: 'single' },
        { strategy: 'single', network: 'wrn-10-1' },
        { strategy: 'nonn', student: 'lenet5', students: 2, partition: { assumed: [7, 6] } },
      ],
    });
    expect(rows.map(({ accuracy }) => accuracy)).toEqual([null, null, null]);
    expect(rows.map(({ accuracySource }) => accuracySource)).toEqual([
      'not measured in int8',
      'not trained',
      'not trained',
    ]);
  });

  it('is unknown on a board that computes in int8', async () => {
    const { rows } = await result({
      cluster: {
        devices: [{ profile: 'nucleo-u575zi-q' }],
        medium: { kind: 'switched', bandwidth: '1 Mbit/s', latency: '1 ms' },
      },
      candidates: [{ strategy: 'single' }],
    });
    expect(rows[0]).toMatchObject({ accuracy: null, accuracySource: 'not measured in int8' });
  });

  it('is unknown where the scenario gives the network weights that were not trained there', async () => {
    const other = join(folder, 'other.safetensors');
    const bytes = readFileSync(join(folder, 'seed-1/teacher/weights.safetensors'));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(other, bytes);
    const given = async (weights: string) =>
      (await result({ networks: { teacher: { ...network, weights } }, candidates: [{ strategy: 'single' }] }))
        .rows[0]!.accuracy;
    expect(await given(other)).toBeNull();
    expect(await given(join(folder, 'seed-2/teacher/weights.safetensors'))).not.toBeNull();
  });

  it('is a metric of the gate that is better when higher, and its records are inputs', async () => {
    const { metrics, inputs } = await result();
    expect(metrics.find(({ id }) => id === 'accuracy/single-lenet5')).toMatchObject({
      unit: 'share',
      better: 'higher',
    });
    expect(inputs['records.few/teacher/seed-2.accuracy']).toBe(accuracies('teacher')[1]);
    expect(inputs['records.few/nonn-2/seed-1.weights']).toMatch(/^[0-9a-f]{16}$/);
  });

  it('that fell is told from what was trained, by the records of its own stage', async () => {
    const before = resultSchema.parse(JSON.parse(JSON.stringify(await result())));
    const file = join(folder, 'seed-2/teacher/record.json');
    const text = readFileSync(file, 'utf8');
    const record = JSON.parse(text) as StageRecord;
    writeFileSync(file, JSON.stringify({ ...record, accuracy: 0.1 }));
    const now = resultSchema.parse(JSON.parse(JSON.stringify(await result())));
    writeFileSync(file, text);
    const { rows } = gate([{ current: now, baseline: recordOf(before) }]);
    const failed = rows.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ metric }) => metric)).toEqual([
      'accuracy/single-lenet5',
      'accuracy/horizontal-lenet5-on-2',
    ]);
    for (const { why } of failed)
      expect(why).toEqual([`records.few/teacher/seed-2.accuracy: ${record.accuracy} → 0.1`]);
  });

  it('as a budget makes infeasible what is below it and what nobody trained', async () => {
    const best = Math.max(...accuracies('teacher'));
    const { rows } = await result({
      budgets: { minAccuracy: Math.min(1, best + 0.01) },
      candidates: [
        { strategy: 'single' },
        { strategy: 'nonn', student: 'lenet5', students: 2, partition: { assumed: 'equal' } },
      ],
    });
    expect(rows[0]!.violated).toMatch(/^accuracy by \d+\.\d\d % \(\d+\.\d\d % of at least \d+\.\d\d %\)$/);
    expect(rows[1]!.violated).toMatch(/^accuracy is unknown, its budget is at least \d+\.\d\d %$/);
    expect(rows.map(({ feasible }) => feasible)).toEqual([false, false]);
  });

  it('as an objective keeps a slower design on the front that is more often right', () => {
    const rows = compareRows(
      [
        { ...rowWith({ id: 'fast', latency: 1, accuracy: 0.97 }), fits: true },
        { ...rowWith({ id: 'right', latency: 2, accuracy: 0.99 }), fits: true },
        { ...rowWith({ id: 'neither', latency: 3, accuracy: 0.98 }), fits: true },
        { ...rowWith({ id: 'untrained', latency: 1, accuracy: null }), fits: true },
      ],
      'fast',
      ['latency', 'accuracy'],
    );
    expect(rows.filter(({ front }) => front).map(({ id }) => id)).toEqual(['fast', 'right']);
    expect(pick(rows, ['latency', 'accuracy'], 'max-accuracy')?.id).toBe('right');
    expect(pick(rows, ['latency', 'accuracy'], 'min-latency')?.id).toBe('fast');
  });

  it('adds no column to the rows of a scenario that names no records', async () => {
    const { rows, metrics } = await result({ accuracy: undefined, candidates: [{ strategy: 'single' }] });
    expect(candidatesCsv(rows).split('\n')[0]).not.toMatch(/accuracySpread|accuracySeeds|recordHash/);
    expect(rows[0]).toMatchObject({ accuracy: null, accuracySource: 'not trained' });
    expect(metrics.some(({ id }) => id.startsWith('accuracy/'))).toBe(false);
  });
});

describe('records of training', () => {
  it('in no folder, or in one without any, are refused in a sentence', () => {
    const none = join(folder, 'seed-1/none');
    mkdirSync(none);
    for (const [accuracy, message] of [
      ['../nowhere', /^\/\S*study.json: accuracy\[0\]: \S*nowhere: found no such folder/],
      ['seed-1/none', /accuracy\[0\]: \S*: found no record.json in it or below it/],
      ['seed-1/teacher/record.json', /accuracy\[0\]: \S*: found no such folder/],
    ] as const)
      expect(() => makeScenario(study({ accuracy }), join(folder, 'study.json'))).toThrow(message);
    rmSync(none, { recursive: true });
  });

  it('are not looked for on a whole disk', () => {
    expect(() => makeScenario(study({ accuracy: '/' }), 'study.json')).toThrow(
      /accuracy\[0\]: .*found (more than 5000 folders in it|an unreadable folder|no record)/,
    );
  });

  it('at any place are found or refused in one line, as partitions and weights are', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.constantFrom('\0', '..\0', 'seed-1', folder),
    );
    fc.assert(
      fc.property(text, text, text, (accuracy, partition, weights) => {
        const nonn = { strategy: 'nonn', student: 'lenet5', students: 2, partition, weights };
        const data = study({ accuracy, candidates: [{ strategy: 'single' }, nonn] });
        try {
          const scenario = makeScenario(data, join(folder, 'nowhere/study.json'));
          for (const candidate of scenario.candidates) designOf(scenario, candidate);
        } catch (error) {
          expect(error).toBeInstanceOf(NonnError);
          expect((error as Error).message).not.toContain('\n');
        }
      }),
    );
  });

  it('have to be named where a budget or an objective needs them', () => {
    const message = /found no records to look it up in, expected "accuracy" to name folders of nonn train/;
    expect(() =>
      makeScenario(study({ accuracy: undefined, budgets: { minAccuracy: 0.9 } }), 'study.json'),
    ).toThrow(message);
    expect(() =>
      makeScenario(study({ accuracy: undefined, objectives: ['accuracy'] }), 'study.json'),
    ).toThrow(message);
  });

  it('of the same run twice are refused, and a folder inside another one counts once', () => {
    expect(() =>
      makeScenario(study({ accuracy: [folder, join(folder, 'seed-1')] }), 'study.json'),
    ).not.toThrow();
    const file = join(folder, 'seed-2/teacher/record.json');
    const text = readFileSync(file, 'utf8');
    const record = JSON.parse(text) as StageRecord;
    writeFileSync(file, JSON.stringify({ ...record, seed: 1 }));
    expect(() => makeScenario(study(), 'study.json')).toThrow(
      /found few\/teacher of seed 1 a second time, expected each training run once/,
    );
    writeFileSync(file, text);
  });

  it('on data sets that differ are not mixed', async () => {
    const file = join(folder, 'seed-2/teacher/record.json');
    const text = readFileSync(file, 'utf8');
    const record = JSON.parse(text) as StageRecord;
    writeFileSync(
      file,
      JSON.stringify({ ...record, data: { ...record.data, name: 'other', hash: 'other' } }),
    );
    await expect(result()).rejects.toThrow(
      /candidates\[0\]: accuracy: found records of lenet5 on data sets that differ \(few\/teacher on few-digits, few\/teacher on other\)/,
    );
    writeFileSync(file, text);
  });
});
