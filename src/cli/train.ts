import { join } from 'node:path';
import { formatShare } from '../foundation/index.js';
import { readExperiment, readImageFolder, runExperiment } from '../learn/index.js';
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
}

/** `nonn train CONFIG`: trains the networks of an experiment, or goes on where it was broken off. */
export async function run([file]: readonly string[], options: TrainCommandOptions): Promise<CommandExit> {
  const experiment = readExperiment(file!);
  const out = options.out ?? join('results/local/train', experiment.name);
  const data = await readImageFolder(options.data!, {
    name: experiment.data.set,
    validation: experiment.data.validation,
  });
  const seeds = options.seed === undefined ? experiment.seeds : [options.seed];
  let progress = startProgress('', 0, options);
  let shown = '';
  const records = await runExperiment({
    experiment,
    data,
    out,
    seeds,
    backend: options.backend ?? experiment.backend,
    threads: options.threads ?? experiment.threads,
    onStep: ({ seed, stage, epochs, stepsPerEpoch, position }) => {
      const label = `seed ${seed} ${stage}`;
      if (label !== shown) {
        progress.stop();
        progress = startProgress(label, epochs * stepsPerEpoch, options);
        shown = label;
      }
      progress.reach(position.epoch * stepsPerEpoch + position.step);
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
