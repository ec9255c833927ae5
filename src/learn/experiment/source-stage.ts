import { join } from 'node:path';
import type { Stage } from './config.js';
import { readRecord } from './record.js';
import type { StageSetting } from './setting.js';

/** Id of the stage that a stage learns or starts from; undefined where it needs none. */
export function sourceStage(stage: Stage): Stage['id'] | undefined {
  return stage.kind === 'labels' ? stage.start : stage.teacher;
}

/** Hash of the weights that a stage learns or starts from, from the record of their stage; nothing where it needs none. */
export function sourceWeights({ out, seed, stage }: StageSetting): { readonly from?: string } {
  const source = sourceStage(stage);
  if (source === undefined) return {};
  return { from: readRecord(join(out, `seed-${seed}`, source)).hashes.weights };
}
