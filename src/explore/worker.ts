import { parentPort, workerData } from 'node:worker_threads';
import { type ExitCode, NonnError } from '../foundation/index.js';
import { makeScenario } from '../scenario/index.js';
import { evaluate } from './evaluate.js';
import type { LoneRow } from './row.js';

/** What a worker is started with: the scenario as it was read, so that all workers see the same one. */
export interface WorkerSetup {
  readonly file: string;
  readonly data: unknown;
  readonly seed: number;
}

/** A finished candidate, or why it cannot be built. */
export type WorkerAnswer =
  | { readonly index: number; readonly row: LoneRow }
  | { readonly sentence: string; readonly exitCode: ExitCode };

const { file, data, seed } = workerData as WorkerSetup;
const scenario = makeScenario(data, file, { seed });

parentPort!.on('message', (index: number) => {
  parentPort!.postMessage(answer(index));
});

function answer(index: number): WorkerAnswer {
  try {
    return { index, row: evaluate(scenario, scenario.candidates[index]!).row };
  } catch (error) {
    if (error instanceof NonnError) return { sentence: error.message, exitCode: error.exitCode };
    throw error;
  }
}
