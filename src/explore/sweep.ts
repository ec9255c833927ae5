import { Worker } from 'node:worker_threads';
import { NonnError } from '../foundation/index.js';
import type { Scenario } from '../scenario/index.js';
import { compareRows } from './compare.js';
import { evaluate } from './evaluate.js';
import type { LoneRow, Row } from './row.js';
import type { WorkerAnswer, WorkerSetup } from './worker.js';

export interface SweepOptions {
  readonly workers?: number;
  /** Called after each candidate with how many are done. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Plays every candidate of a scenario. The rows, and so every file made from them, are the same for any number of
 * workers: a worker plays whole candidates, and rows are put in candidate order before they are compared.
 *
 * @throws NonnError if a design cannot be built.
 */
export async function sweep(scenario: Scenario, options: SweepOptions = {}): Promise<Row[]> {
  const { workers = 1, onProgress } = options;
  const count = scenario.candidates.length;
  const rows: LoneRow[] = [];
  if (workers <= 1) {
    for (const candidate of scenario.candidates) {
      rows.push(evaluate(scenario, candidate).row);
      onProgress?.(rows.length, count);
      // Lets the progress bar and signals through.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } else {
    rows.push(...(await inWorkers(scenario, Math.min(workers, count), onProgress)));
  }
  return compareRows(rows, scenario.baseline, scenario.objectives);
}

async function inWorkers(
  scenario: Scenario,
  workers: number,
  onProgress?: SweepOptions['onProgress'],
): Promise<LoneRow[]> {
  const count = scenario.candidates.length;
  const rows = new Array<LoneRow>(count);
  let next = 0;
  let done = 0;
  const setup: WorkerSetup = { file: scenario.file, data: scenario.data, seed: scenario.seed };
  const pool = Array.from(
    { length: workers },
    () => new Worker(new URL('./worker.js', import.meta.url), { workerData: setup }),
  );
  const serve = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      const give = () => {
        if (next < count) worker.postMessage(next++);
        else resolve();
      };
      worker.on('message', (answer: WorkerAnswer) => {
        if ('sentence' in answer) {
          reject(new NonnError(answer.sentence, answer.exitCode));
          return;
        }
        rows[answer.index] = answer.row;
        onProgress?.(++done, count);
        give();
      });
      worker.on('error', reject);
      give();
    });
  try {
    await Promise.all(pool.map(serve));
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
  return rows;
}
