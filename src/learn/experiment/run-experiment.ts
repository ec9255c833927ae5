import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBackend } from '../../runtime/index.js';
import { chosenStages } from './chosen-stages.js';
import { RECORD_FILE, readRecord, type StageRecord } from './record.js';
import { runStage } from './run-stage.js';
import type { ExperimentSetting } from './setting.js';

export interface ExperimentOptions extends ExperimentSetting {
  readonly seeds: readonly number[];
  /** Only these stages and the teachers that they need; all where it is left out. */
  readonly stages?: readonly string[] | undefined;
  readonly onRecord?: ((record: StageRecord) => void) | undefined;
}

/**
 * Runs the stages of an experiment for each seed, one after the other, into `OUT/seed-S/STAGE/`. What is finished stays as it
 * is; what was broken off goes on where it was.
 */
export async function runExperiment(options: ExperimentOptions): Promise<readonly StageRecord[]> {
  const stages = chosenStages(options.experiment, options.stages);
  await openBackend(options.backend, { threads: options.backend === 'tfjs-node' ? options.threads : 1 });
  const records: StageRecord[] = [];
  for (const seed of options.seeds) {
    for (const stage of stages) {
      const folder = join(options.out, `seed-${seed}`, stage.id);
      const record = existsSync(join(folder, RECORD_FILE))
        ? readRecord(folder)
        : runStage({ ...options, stage, seed, folder });
      records.push(record);
      options.onRecord?.(record);
    }
  }
  return records;
}
