import { join } from 'node:path';
import type { Stage } from './config.js';
import { readRecord } from './record.js';
import type { StageSetting } from './setting.js';

/** Ids of the stages that a stage learns or starts from. */
export function sourceStages(stage: Stage): readonly Stage['id'][] {
  const start = stage.kind === 'distilled' ? undefined : stage.start;
  return [...(start === undefined ? [] : [start]), ...(stage.kind === 'labels' ? [] : [stage.teacher])];
}

/**
 * Hashes of the weights that a stage starts and learns from, joined by "+", from the records of their stages; nothing where
 * it needs none.
 */
export function sourceWeights({ out, seed, stage }: StageSetting): { readonly from?: string } {
  const hashes = sourceStages(stage).map((id) => readRecord(join(out, `seed-${seed}`, id)).hashes.weights);
  return hashes.length === 0 ? {} : { from: hashes.join('+') };
}
