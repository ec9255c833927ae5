import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBackend } from '../../runtime/index.js';
import { chosenStages } from './chosen-stages.js';
import { finishedStage } from './finished-stage.js';
import { RECORD_FILE, type StageRecord } from './record.js';
import { runStage } from './run-stage.js';
import type { ExperimentSetting } from './setting.js';

export interface ExperimentOptions extends ExperimentSetting {
  readonly seeds: readonly number[];
  /** Only these stages and those that they learn or start from; all where it is left out. */
  readonly stages?: readonly string[] | undefined;
  readonly onRecord?: ((record: StageRecord) => void) | undefined;
}

/**
 * Runs the stages of an experiment for each seed, one after the other, into `OUT/seed-S/STAGE/`. What is finished stays as it
 * is; what was broken off goes on where it was.
 * @throws NonnError if a finished stage was trained otherwise than the experiment says now.
 */
export async function runExperiment(options: ExperimentOptions): Promise<readonly StageRecord[]> {
  const stages = chosenStages(options.experiment, options.stages);
  await openBackend(options.backend, { threads: options.backend === 'tfjs-node' ? options.threads : 1 });
  const records: StageRecord[] = [];
  for (const seed of options.seeds) {
    for (const stage of stages) {
      const folder = join(options.out, `seed-${seed}`, stage.id);
      const setting = { ...options, stage, seed, folder };
      const record = existsSync(join(folder, RECORD_FILE)) ? finishedStage(setting) : runStage(setting);
      records.push(record);
      options.onRecord?.(record);
    }
  }
  return records;
}
