import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mnist, readExperiment, runExperiment, subset } from '../../../src/learn/index.js';
import { openBackend } from '../../../src/runtime/index.js';

const out = mkdtempSync(join(tmpdir(), 'nonn-stages-'));
const whole = mnist({ validation: 0.1 });
/** Some digits of each class. */
const few = (count: number) =>
  subset(
    whole.train,
    Array.from({ length: count }, (_, index) => index * 89),
  );
const data = { ...whole, train: few(80), validation: few(20), test: few(40) };

beforeAll(() => openBackend('tfjs-wasm'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const training = { epochs: 1, batch: 20, schedule: { kind: 'cosine', peak: 0.05 } };
const first = { id: 'first', kind: 'labels', network: 'cnn-4' };
const second = { id: 'second', kind: 'labels', network: 'cnn-4', start: 'first' };

function experiment(stages: readonly object[], name = 'stages') {
  const file = join(out, `${name}.json`);
  writeFileSync(file, JSON.stringify({ name, data: { set: 'mnist' }, training, stages }));
  return readExperiment(file);
}

const run = (stages: readonly object[], chosen?: readonly string[], images = data) =>
  runExperiment({
    experiment: experiment(stages),
    data: images,
    out: join(out, 'trained'),
    seeds: [1],
    stages: chosen,
    backend: 'tfjs-wasm',
    threads: 1,
  });

const weights = (stage: string) => readFileSync(join(out, 'trained/seed-1', stage, 'weights.safetensors'));

/** Kernels of a safetensors file, by name. */
function kernels(bytes: Buffer) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(
    bytes.subarray(8, 8 + length).toString(),
  );
  return Object.entries(header)
    .filter(([name]) => name.endsWith('/kernel'))
    .map(([name, { data_offsets: at }]) => [name, bytes.subarray(8 + length + at[0], 8 + length + at[1])]);
}

describe('a stage that starts from another', () => {
  it('has its weights where it learns nothing, says so in its record, and asks for it to be trained', async () => {
    const still = { ...second, training: { schedule: { kind: 'step', peak: 1e-30, at: [1] } } };
    const records = await run([first, still], ['second']);
    expect(records.map(({ stage, start }) => [stage, start])).toEqual([
      ['first', undefined],
      ['second', 'first'],
    ]);
    expect(kernels(weights('second'))).toEqual(kernels(weights('first')));
  });

  it('goes on as a NoNN of the same teacher, students and partition', async () => {
    const rate = { schedule: { kind: 'step', peak: 1e-30, at: [1] } };
    const pair = { id: 'pair', kind: 'nonn', teacher: 'first', students: ['cnn-2', 'cnn-2'] };
    const heir = { ...pair, id: 'pair-heir', start: 'pair', training: rate };
    const records = await run([first, pair, heir], ['pair-heir']);
    expect(records.map(({ stage, start }) => [stage, start])).toEqual([
      ['first', undefined],
      ['pair', undefined],
      ['pair-heir', 'pair'],
    ]);
    const [teacher, before, after] = records.map(({ hashes }) => hashes);
    expect(after!.from).toBe(`${before!.weights}+${teacher!.weights}`);
    expect(kernels(weights('pair-heir'))).toEqual(kernels(weights('pair')));
    expect(() => experiment([first, pair, { ...heir, students: ['cnn-2', 'cnn-3'] }], 'wrong')).toThrow(
      /stages\[2\]\.start: found "pair", expected the id of a stage before it with the same teacher, students and partition$/,
    );
  });

  it.each([
    [
      'a later stage',
      [
        { ...first, start: 'second' },
        { ...second, start: undefined },
      ],
    ],
    ['another network', [first, { ...second, network: 'cnn-5' }]],
    [
      'a NoNN',
      [
        first,
        { id: 'pair', kind: 'nonn', teacher: 'first', students: ['cnn-2', 'cnn-2'] },
        { ...second, start: 'pair' },
      ],
    ],
  ])('cannot start from %s', (_what, stages) => {
    expect(() => experiment(stages, 'wrong')).toThrow(
      /^.*wrong\.json: stages\[\d\]\.start: found "\w+", expected the id of a stage before it with the network cnn-\d$/,
    );
  });
});

describe('weights that are averaged', () => {
  it('are those whose validation the record has, not the last that were learned', async () => {
    const averaged = { ...first, id: 'averaged', training: { epochs: 3, averaged: 3 } };
    const [record] = await run([averaged], undefined, { ...data, test: data.validation });
    expect(record!.validation).toBe(record!.accuracy);
    expect(record!.validation).not.toBe(record!.log.at(-1)!.validation);
  });

  it.each([
    [{ averaged: 2 }, 'found 2, expected at most 1, its epochs'],
    [{ averaged: 1, patience: 1 }, 'found 1 beside patience, expected'],
  ])('are refused in a sentence with %j', (own, sentence) => {
    expect(() => experiment([{ ...first, training: own }], 'wrong')).toThrow(
      `wrong.json: stages[0].training.averaged: ${sentence}`,
    );
  });
});

describe('a finished stage', () => {
  const record = (stage: string) => join(out, 'trained/seed-1', stage, 'record.json');

  it('stays as it is where the experiment is as it was', async () => {
    const [before] = await run([first]);
    expect(await run([first, second], ['first'])).toEqual([before]);
  });

  it('is refused in a sentence where the weights that it started from were trained again', async () => {
    const changed = (seed: number) => ({ ...first, training: { epochs: seed } });
    const stages = (epochs: number) => [
      { ...changed(epochs), id: 'source' },
      { ...second, id: 'heir', start: 'source' },
    ];
    await run(stages(1));
    rmSync(join(out, 'trained/seed-1/source'), { recursive: true });
    await expect(run(stages(2))).rejects.toThrow(`${record('heir')}: hashes.from: found "`);
  });

  it.each([
    [
      'other training',
      [{ ...first, training: { epochs: 2 } }],
      data,
      'training.epochs: found 1, expected 2, as',
    ],
    [
      'another network',
      [{ ...first, network: 'cnn-5' }],
      data,
      'network: found "cnn-4", expected "cnn-5", as',
    ],
    [
      'an augmentation',
      [{ ...first, training: { augmentation: { cutout: 3 } } }],
      data,
      'training.augmentation.cutout: found nothing, expected 3, as',
    ],
    ['other images', [first], { ...data, test: few(39) }, 'data.hash: found "'],
  ])('is refused in a sentence where the experiment now has %s', async (_what, stages, images, sentence) => {
    await run([first]);
    await expect(run(stages, undefined, images)).rejects.toThrow(`${record('first')}: ${sentence}`);
  });
});
