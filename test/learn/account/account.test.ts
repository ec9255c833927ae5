import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountRow,
  accountOf,
  executeOnImages,
  int8Accuracy,
  type StageComparison,
  spreadOver,
  trainedModel,
  withoutStudents,
} from '../../../src/learn/index.js';
import type { Network } from '../../../src/network/index.js';
import { accountCsv, accountMarkdown } from '../../../src/report/index.js';
import { type Backend, openBackend, prepareWhole } from '../../../src/runtime/index.js';
import {
  designOf,
  makeScenario,
  type StageRecord,
  type TrainedNetwork,
  trainedIn,
} from '../../../src/scenario/index.js';
import { fewDigits, fittedFolder } from '../../support/trained.js';

const data = fewDigits();
let folder: string;
let backend: Backend;
let byName: ReadonlyMap<string, TrainedNetwork>;
beforeAll(async () => {
  folder = await fittedFolder([1, 2]);
  backend = await openBackend('tfjs-wasm');
  byName = new Map(trainedIn(folder).map((one) => [one.name, one]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = () => ({ data: () => data, backend, images: 30, resamples: 500 });
const predictions = (name: string) => readFileSync(join(folder, name, 'predictions.bin'));

/** Share of the test images that a network gets right, run as the runtime runs it. */
function rightShare(network: Network): number {
  const whole = prepareWhole(network, { seed: 0, backend });
  let right = 0;
  for (const [image, label] of data.test.labels.entries()) {
    const pixels = data.test.images.subarray(image * 784, (image + 1) * 784);
    const output = whole.run(Float32Array.from(pixels, (value) => value / 255));
    if (output.indexOf(Math.max(...output)) === label) right++;
  }
  whole.dispose();
  return right / data.test.labels.length;
}

function scenario({ accuracy, partition } = { accuracy: folder, partition: join(folder, 'seed-2/nonn-2') }) {
  return makeScenario(
    {
      networks: { teacher: { zoo: 'lenet5', input: 28, classes: 10 } },
      accuracy,
      cluster: {
        devices: [{ profile: 'raspberry-pi-4b', count: 2, threads: 4 }],
        medium: { kind: 'switched', bandwidth: '939 Mbit/s' },
      },
      candidates: [
        { strategy: 'single' },
        { strategy: 'horizontal', devices: 2 },
        { strategy: 'nonn', student: 'lenet5', students: 2, partition },
      ],
      baseline: 'single-lenet5',
    },
    'study.json',
  );
}

describe('a trained design', () => {
  it.each([
    ['on one board', 0, 'seed-1/teacher'],
    ['split into strips over two boards', 1, 'seed-1/teacher'],
    ['as a NoNN of two students', 2, 'seed-2/nonn-2'],
  ])(
    'of a scenario, executed %s, gives the classes that training predicted, image by image',
    (_, index, name) => {
      const study = scenario();
      const design = designOf(study, study.candidates[index]!);
      const images = spreadOver(data.test, 240);
      expect(images).toHaveLength(240);
      const { classes } = executeOnImages(design, data.test, images, backend);
      expect([...classes]).toEqual([...predictions(name)]);
      const right = classes.filter((label, image) => label === data.test.labels[image]).length;
      expect(right / 240).toBe(byName.get(name)!.record.accuracy);
    },
  );

  it('without the weights of its training gives other classes, so that the test above can fail', () => {
    const study = scenario();
    const { plan, network } = designOf(study, study.candidates[2]!);
    const { weights: _, ...bare } = network;
    const { classes } = executeOnImages(
      { plan, network: bare },
      data.test,
      spreadOver(data.test, 240),
      backend,
    );
    expect([...classes]).not.toEqual([...predictions('seed-2/nonn-2')]);
  });

  it('in int8 is right as often as the runtime is with rounded weights, image by image', () => {
    const { network } = trainedModel(byName.get('seed-1/nonn-2')!);
    expect(int8Accuracy(network, data.test)).toBe(rightShare({ ...network, dtype: 'int8' }));
  });
});

describe("students of a teacher's last map", () => {
  it('are built anew with maps for features, run by a scenario, and told apart from those of means', async () => {
    const maps = await fittedFolder([1], { maps: true });
    const nonn = (name: string) => trainedIn(join(maps, 'seed-1', name))[0]!;
    const model = trainedModel(nonn('nonn-map'));
    expect(model.network.shapes.get('features')).toEqual([5, 5, 13]);
    expect(withoutStudents(model, data.test).all).toBe(nonn('nonn-map').record.accuracy);
    // The scenario names only the map's records: students of means were not trained there.
    const study = scenario({
      accuracy: join(maps, 'seed-1/nonn-map'),
      partition: join(maps, 'seed-1/nonn-2'),
    });
    const design = designOf(study, study.candidates[2]!);
    expect(design.trained!.stage.stage).toBe('nonn-map');
    const images = spreadOver(data.test, 60);
    const { classes } = executeOnImages(design, data.test, images, backend);
    const predicted = readFileSync(join(maps, 'seed-1/nonn-map/predictions.bin'));
    expect([...classes]).toEqual(images.map((image) => predicted[image]));
    rmSync(maps, { recursive: true });
  });
});

describe('a NoNN that lost a student', () => {
  it("is as right as its plan with zeros in the place of that student's features", () => {
    const model = trainedModel(byName.get('seed-1/nonn-2')!);
    const { all, missing } = withoutStudents(model, data.test);
    expect(all).toBe(byName.get('seed-1/nonn-2')!.record.accuracy);
    const sizes = byName.get('seed-1/nonn-2')!.students!.map((filters) => filters.length);
    for (const [student, [from, to]] of [
      [0, sizes[0]!],
      [sizes[0]!, sizes[0]! + sizes[1]!],
    ].entries()) {
      // The last layer without the rows of that student's features.
      const weights = (id: string) => {
        const own = model.network.weights!(id);
        if (id !== 'classes') return own;
        const kernel = own['kernel']!.map((value, index) =>
          index >= 10 * from! && index < 10 * to! ? 0 : value,
        );
        return { ...own, kernel };
      };
      expect(missing[student]).toBe(rightShare({ ...model.network, weights }));
    }
  });
});

describe('the account', () => {
  it('has a row a stage, every number of it from records, plans and runs', () => {
    const [account, ...others] = accountOf([folder], { ...options(), scenario: scenario() });
    expect(others).toEqual([]);
    const [teacher, nonn] = account!.rows as [AccountRow, AccountRow];
    const recorded = (stage: string) =>
      [1, 2].map((seed) => byName.get(`seed-${seed}/${stage}`)!.record.accuracy) as [number, number];
    expect(teacher).toMatchObject({
      stage: 'teacher',
      role: 'teacher',
      seeds: [1, 2],
      devices: 1,
      bytesSent: 0,
      parameters: byName.get('seed-1/teacher')!.record.parameters,
      missing: null,
      executed: { images: 30, agree: 30 },
      measured: null,
    });
    expect(teacher.accuracy.mean).toBeCloseTo((recorded('teacher')[0] + recorded('teacher')[1]) / 2, 12);
    expect(nonn).toMatchObject({
      role: 'NoNN',
      networks: ['lenet5', 'lenet5'],
      devices: 2,
      parameters: byName.get('seed-1/nonn-2')!.record.parameters,
      executed: { images: 30, agree: 30 },
    });
    expect(nonn.parametersPerDevice).toBeLessThan(nonn.parameters);
    // The image as bytes to the other board, and the six features of its student back, each in a frame.
    expect(nonn.bytesSent).toBe(784 + 6 * 4 + 2 * (32 + 36));
    expect(nonn.missing).toHaveLength(2);
    expect(nonn.simulated!.latency).toBeGreaterThan(0);
    expect(account!.comparisons).toHaveLength(1);
    const [{ stage, other, difference, low, high }] = account!.comparisons as [StageComparison];
    expect([stage, other]).toEqual(['few/nonn-2', 'few/teacher']);
    expect(difference).toBeCloseTo(nonn.accuracy.mean - teacher.accuracy.mean, 12);
    expect(low).toBeLessThanOrEqual(high);
  });

  it('without images has what records and plans say, and says no more', () => {
    const [account] = accountOf([folder], { ...options(), data: () => undefined });
    expect(account!.rows[1]).toMatchObject({ int8: null, missing: null, executed: null });
    expect(account!.comparisons).toEqual([]);
    const table = accountMarkdown([account!]);
    expect(table).not.toMatch(/int8|missing|executed|simulated|measured/);
    expect(table.split('\n')[2]).toMatch(/^\| stage +\| trained +\| network +\| devices \|/);
  });

  it('as CSV has one line a stage', () => {
    const accounts = accountOf([folder], options());
    const lines = accountCsv(accounts).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('few,nonn-2,NoNN,lenet5 lenet5,2,');
  });

  it('refuses images other than those of the test, and layers other than those that were trained', () => {
    const other = { ...data, test: { ...data.test, labels: data.test.labels.map((label) => 9 - label) } };
    expect(() => accountOf([folder], { ...options(), data: () => other })).toThrow(
      /record\.json: accuracy: found .* while the predictions give .* on the data, expected the images/,
    );
    const file = join(folder, 'seed-1/teacher/record.json');
    const text = readFileSync(file, 'utf8');
    const record = JSON.parse(text) as StageRecord;
    writeFileSync(file, JSON.stringify({ ...record, hashes: { ...record.hashes, network: 'other' } }));
    expect(() => accountOf([folder], options())).toThrow(
      /record\.json: hashes\.network: found other, while lenet5 at 28x28x1 has [0-9a-f]{16}, expected the same layers/,
    );
    writeFileSync(file, text);
  });
});
