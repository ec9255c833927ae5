import { join } from 'node:path';
import { complain, show } from '../../foundation/index.js';
import { type Stage, trainingOf } from './config.js';
import { dataHash } from './hashes.js';
import { RECORD_FILE, readRecord, type StageRecord } from './record.js';
import type { StageSetting } from './setting.js';
import { sourceWeights } from './source-stage.js';

/**
 * The record of a stage that was trained before.
 * @throws NonnError where the experiment, the images or the weights it learned from are no longer those of its record: what
 * a table then names would not be what was trained.
 */
export function finishedStage(setting: StageSetting): StageRecord {
  const { experiment, stage, folder, data } = setting;
  const record = readRecord(folder);
  const expected: Readonly<Record<string, unknown>> = {
    kind: stage.kind,
    network: namedNetworks(stage) ?? record.network,
    teacher: stage.kind === 'labels' ? undefined : stage.teacher,
    start: stage.kind === 'distilled' ? undefined : stage.start,
    loss: stage.kind === 'labels' ? undefined : stage.loss,
    training: trainingOf(experiment, stage),
    'data.hash': dataHash(data),
    // Records of before this was kept have none.
    'hashes.from': record.hashes.from && sourceWeights(setting).from,
  };
  const found: typeof expected = {
    ...record,
    'data.hash': record.data.hash,
    'hashes.from': record.hashes.from,
  };
  for (const [path, wanted] of Object.entries(expected)) {
    const different = difference(path, found[path], wanted);
    if (different !== undefined)
      throw complain({
        file: join(folder, RECORD_FILE),
        path: different.path,
        found: show(different.found),
        expected: `${show(different.wanted)}, as experiment ${experiment.name} is now (delete the folder to train the stage again)`,
      });
  }
  return record;
}

/** Undefined where the students were chosen by a budget. */
function namedNetworks(stage: Stage): StageRecord['network'] | undefined {
  if (stage.kind !== 'nonn') return stage.network;
  return 'count' in stage.students ? undefined : stage.students;
}

interface Difference {
  readonly path: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/** The first place where two documents differ; what is left out is undefined. */
function difference(path: string, found: unknown, wanted: unknown): Difference | undefined {
  if (!isObject(found) || !isObject(wanted))
    return JSON.stringify(found) === JSON.stringify(wanted) ? undefined : { path, found, wanted };
  for (const key of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
    const different = difference(`${path}.${key}`, found[key], wanted[key]);
    if (different !== undefined) return different;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
