import { join } from 'node:path';
import { profilesOf } from '../device/index.js';
import { type PickRule, resultFiles, resultOf, sweep, writeResult } from '../explore/index.js';
import { checkWritable } from '../foundation/index.js';
import { designTable, tableText, writePlots } from '../report/index.js';
import { designOf, loadScenario } from '../scenario/index.js';
import { colours } from './colour.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { defaultWorkers } from './default-workers.js';
import { warnOfOtherMachine } from './machine-warning.js';
import { note, print, printJson } from './output.js';
import { pickSentence } from './pick-sentence.js';
import { startProgress } from './progress.js';
import { tableSetting } from './table-setting.js';

export interface SweepCommandOptions extends GlobalOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly pick?: PickRule;
  readonly dryRun?: boolean;
}

/** `nonn sweep SCENARIO`: plays every candidate, marks the Pareto front and picks a design. */
export async function run(args: readonly string[], options: SweepCommandOptions): Promise<CommandExit> {
  const scenario = loadScenario(args[0]!, { seed: options.seed });
  await warnOfOtherMachine(profilesOf(scenario.cluster), options);
  const workers = options.workers ?? defaultWorkers(scenario.candidates.length);
  if (options.dryRun === true) {
    for (const candidate of scenario.candidates) designOf(scenario, candidate);
    if (options.json) printJson({ candidates: scenario.candidates.length });
    else {
      for (const candidate of scenario.candidates) print(candidate.id);
      note(`${scenario.candidates.length} candidates, none played`, options);
    }
    return 0;
  }
  if (options.out !== undefined) for (const name of resultFiles) checkWritable(join(options.out, name));
  const begun = performance.now();
  const progress = startProgress(scenario.name, scenario.candidates.length, options);
  const rows = await sweep(scenario, { workers, onProgress: (done) => progress.reach(done) }).finally(
    progress.stop,
  );
  const seconds = (performance.now() - begun) / 1000;
  const result = resultOf(scenario, rows, options.pick);
  if (options.out !== undefined) {
    writeResult(options.out, result);
    await writePlots(options.out, result);
  }
  if (options.json) {
    const { candidates, feasible, front, pick } = result;
    printJson({ candidates, feasible, front: front.length, pick: pick?.id ?? null, seconds, workers });
  } else {
    print(tableText(designTable(rows, tableSetting(scenario, result.pick)), colours()));
    print(`\n${pickSentence(result.pick, result.baseline, result.pickRule)}`);
    const where =
      options.out === undefined
        ? 'nothing written (--out DIR keeps the result)'
        : `written to ${options.out}`;
    note(
      `\n${rows.length} candidates, ${result.feasible} feasible, in ${seconds.toFixed(1)} s; ${where}`,
      options,
    );
  }
  return result.feasible > 0 ? 0 : 1;
}
