import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { complain, readDocument, readFolder } from '../foundation/index.js';
import { isFolder } from './place.js';
import { PARTITION_FILE, RECORD_FILE, readRecord, type StageRecord } from './training-record.js';

/** A network that was trained: its record, and the folder that its weights are in. */
export interface TrainedNetwork {
  readonly record: StageRecord;
  readonly folder: string;
  /** The folder below the one that was searched, for messages and inputs: `seed-1/teacher`. */
  readonly name: string;
  /** Of a NoNN: which of the teacher's filters each student learned. */
  readonly students: readonly (readonly number[])[] | null;
}

/** The same network trained the same way on the same data: one member a seed, in ascending order of seeds. */
export interface TrainedStage {
  readonly experiment: string;
  readonly stage: string;
  readonly data: StageRecord['data'];
  readonly members: readonly TrainedNetwork[];
}

/** Folders below one another that are searched at the most. */
const DEPTH = 6;
/** Somebody who names a whole disk does not wait for it. */
const MOST_FOLDERS = 5000;

/** Where a file of a partition lists filters, by student. */
export const partitionFile = z.object({ students: z.array(z.array(z.int().min(0)).min(1)).min(1) });

/**
 * Finds the records of `nonn train` in a folder and all folders below it, in ascending order of their names.
 * @throws NonnError if there is no such folder, no record in it, or a damaged one.
 */
export function trainedIn(folder: string): readonly TrainedNetwork[] {
  const found = foldersWithRecord(folder).map((at): TrainedNetwork => {
    const record = readRecord(at);
    const file = join(at, PARTITION_FILE);
    const hasPartition = record.kind === 'nonn' && existsSync(file);
    const students = hasPartition ? readDocument(file, partitionFile).students : null;
    return { record, folder: at, name: relative(folder, at).split('\\').join('/'), students };
  });
  if (found.length === 0)
    throw complain({
      file: folder,
      found: `no ${RECORD_FILE} in it or below it`,
      expected: 'a folder that nonn train wrote',
    });
  return found;
}

/** Networks by what they were trained for, in the order in which they first appear; the members of a stage by seed. */
export function stagesOf(trained: readonly TrainedNetwork[]): readonly TrainedStage[] {
  const stages = new Map<string, TrainedNetwork[]>();
  for (const one of trained) {
    const { experiment, stage, data } = one.record;
    const key = JSON.stringify([experiment, stage, data.hash]);
    stages.set(key, [...(stages.get(key) ?? []), one]);
  }
  return [...stages.values()].map((members) => {
    const sorted = [...members].sort((a, b) => a.record.seed - b.record.seed);
    const twice = sorted.find(({ record }, index) => record.seed === sorted[index - 1]?.record.seed);
    if (twice !== undefined)
      throw complain({
        file: join(twice.folder, RECORD_FILE),
        found: `${twice.record.experiment}/${twice.record.stage} of seed ${twice.record.seed} a second time`,
        expected: 'each training run once',
      });
    const { experiment, stage, data } = sorted[0]!.record;
    return { experiment, stage, data, members: sorted };
  });
}

/** Links are not followed, and hidden folders not opened. */
function foldersWithRecord(folder: string): readonly string[] {
  if (!isFolder(folder))
    throw complain({ file: folder, found: 'no such folder', expected: 'a folder that nonn train wrote' });
  const found: string[] = [];
  let seen = 0;
  const search = (at: string, depth: number) => {
    if (++seen > MOST_FOLDERS)
      throw complain({
        file: folder,
        found: `more than ${MOST_FOLDERS} folders in it`,
        expected: 'a folder that nonn train wrote',
      });
    const entries = readFolder(at);
    if (entries.some((entry) => entry.isFile() && entry.name === RECORD_FILE)) found.push(at);
    if (depth === 0) return;
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    for (const name of below.map((entry) => entry.name).sort()) search(join(at, name), depth - 1);
  };
  search(folder, DEPTH);
  return found;
}
