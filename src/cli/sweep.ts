import { type PickRule, type Row, resultOf, sweep, writeResult } from '../explore/index.js';
import { formatUnit } from '../foundation/index.js';
import { designTable, tableText, writePlots } from '../report/index.js';
import { designOf, loadScenario } from '../scenario/index.js';
import { colours } from './colour.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';
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
  const workers = options.workers ?? 1;
  if (options.dryRun === true) {
    for (const candidate of scenario.candidates) designOf(scenario, candidate);
    if (options.json) printJson({ candidates: scenario.candidates.length });
    else {
      for (const candidate of scenario.candidates) print(candidate.id);
      note(`${scenario.candidates.length} candidates, none played`, options);
    }
    return 0;
  }
  const begun = performance.now();
  const progress = startProgress(scenario.name, scenario.candidates.length, options);
  const rows = await sweep(scenario, { workers, onProgress: progress.reach }).finally(progress.stop);
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

/** Why this design, in words. */
export function pickSentence(pick: Row | null, baseline: Row, rule: PickRule): string {
  const c = colours(process.stdout);
  if (pick === null) return 'No design meets the budgets; the table says what each one exceeds.';
  const reasons = {
    knee: 'of the designs on the Pareto front it is nearest to the best of every objective',
    'min-latency': 'it has the lowest latency of the Pareto front',
    'min-energy': 'it needs the least energy per node of the Pareto front',
    'min-memory': 'it needs the least memory per node of the Pareto front',
  } as const;
  const against =
    pick.speedup === null || pick.id === baseline.id
      ? ''
      : `, ${pick.speedup.toFixed(1)} times faster than ${baseline.id}`;
  const energy =
    pick.energyPerNode === null ? 'energy unknown' : `${formatUnit(pick.energyPerNode, 'energy')} per node`;
  return [
    `Pick: ${c.bold(pick.id)} (${formatUnit(pick.latency!, 'time')}, ${energy}, ${formatUnit(pick.memoryPerNode, 'bytes')} per node${against}):`,
    `${reasons[rule]}. Accuracy is not trained here: a smaller student is faster, and how much worse it is this table cannot say.`,
  ].join('\n');
}
