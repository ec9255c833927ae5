import { join } from 'node:path';
import { formatShare } from '../foundation/index.js';
import {
  type ExperimentOptions,
  evaluateExperiment,
  readDataSet,
  readExperiment,
  runExperiment,
} from '../learn/index.js';
import type { BackendName } from '../runtime/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';
import { startProgress } from './progress.js';

export interface TrainCommandOptions extends GlobalOptions {
  readonly data?: string;
  readonly out?: string;
  readonly backend?: BackendName;
  readonly threads?: number;
  readonly stage?: readonly string[];
  readonly evaluate: boolean;
}

/** `nonn train CONFIG`: trains the networks of an experiment, or goes on where it was broken off. */
export async function run([file]: readonly string[], options: TrainCommandOptions): Promise<CommandExit> {
  const experiment = readExperiment(file!);
  const out = options.out ?? join('results/local/train', experiment.name);
  const data = await readDataSet(experiment.data.set, {
    path: options.data,
    validation: experiment.data.validation,
  });
  const setting = {
    experiment,
    data,
    out,
    seeds: options.seed === undefined ? experiment.seeds : [options.seed],
    stages: options.stage,
    backend: options.backend ?? experiment.backend,
    threads: options.threads ?? experiment.threads,
  };
  if (options.evaluate) return await evaluate(setting, options);
  let progress = startProgress('', 0, options);
  let shown = '';
  const records = await runExperiment({
    ...setting,
    onStep: ({ seed, stage, epochs, stepsPerEpoch, position, epoch, secondsLeft }) => {
      const label = `seed ${seed} ${stage}`;
      if (label !== shown) {
        progress.stop();
        progress = startProgress(label, epochs * stepsPerEpoch, options);
        shown = label;
      }
      const now =
        epoch === null
          ? ''
          : `loss ${epoch.loss.toFixed(3)}, accuracy ${formatShare(epoch.accuracy)}, ${epoch.imagesPerSecond.toFixed(0)} images/s, `;
      progress.reach(position.epoch * stepsPerEpoch + position.step, `${now}${timeLeft(secondsLeft)}`);
    },
    onEpoch: (seed, stage, { epoch, loss, accuracy, validation, imagesPerSecond }) => {
      const validated = validation === null ? '' : `  validation ${formatShare(validation)}`;
      note(
        `seed ${seed} ${stage} epoch ${epoch}: loss ${loss.toFixed(3)}  accuracy ${formatShare(accuracy)}${validated}  ${imagesPerSecond.toFixed(0)} images/s`,
        options,
      );
    },
  }).finally(() => progress.stop());
  if (options.json) {
    printJson({ out, records });
    return 0;
  }
  print(
    columns(
      ['seed', 'stage', 'network', 'parameters', 'accuracy'],
      records.map((record) => [
        String(record.seed),
        record.stage,
        [record.network].flat().join(', '),
        String(record.parameters),
        formatShare(record.accuracy),
      ]),
    ),
  );
  print(`\nweights, logs and records in ${out}`);
  return 0;
}

function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${Math.ceil(seconds)} s left` : `${minutes} min ${Math.floor(seconds % 60)} s left`;
}

/** Tests committed weights again; a difference from their records is a failed check. */
async function evaluate(setting: ExperimentOptions, options: TrainCommandOptions): Promise<CommandExit> {
  const rows = await evaluateExperiment(setting);
  const wrong = rows.filter(({ accuracy, record }) => accuracy !== record.accuracy);
  if (options.json) printJson({ out: setting.out, rows });
  else
    print(
      columns(
        ['seed', 'stage', 'parameters', 'on record', 'found'],
        rows.map(({ record, accuracy }) => [
          String(record.seed),
          record.stage,
          String(record.parameters),
          formatShare(record.accuracy, 2),
          `${formatShare(accuracy, 2)}${accuracy === record.accuracy ? '' : '  differs'}`,
        ]),
      ),
    );
  return wrong.length === 0 ? 0 : 1;
}
