import { profilesOf } from '../device/index.js';
import { compareRows, type Evaluation, evaluate, type Row } from '../explore/index.js';
import { complain, documentText, writeAtomically } from '../foundation/index.js';
import { chromeTrace, designTable, tableText } from '../report/index.js';
import { type Candidate, candidateById, loadScenario, type Scenario } from '../scenario/index.js';
import { simulatePlanFile } from '../simulate/index.js';
import { colours } from './colour.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { deviceTable, perDevice } from './device-table.js';
import { warnOfOtherMachine } from './machine-warning.js';
import { note, print, printJson } from './output.js';
import { startProgress } from './progress.js';
import { tableSetting } from './table-setting.js';

export interface SimulateCommandOptions extends GlobalOptions {
  readonly plan?: string;
  readonly candidate?: string;
  readonly kernels?: 'profile' | 'live';
  readonly trace?: string;
}

/** `nonn simulate`: plays a scenario's candidates, or a plan file, in virtual time. */
export async function run(args: readonly string[], options: SimulateCommandOptions): Promise<CommandExit> {
  const [file] = args;
  if ((file === undefined) === (options.plan === undefined)) {
    const found = file === undefined ? 'neither a scenario nor --plan' : 'a scenario and --plan';
    throw complain({ file: 'simulate', found, expected: 'one of the two' });
  }
  return file === undefined ? playPlanFile(options.plan!, options) : playScenario(file, options);
}

function playPlanFile(file: string, options: SimulateCommandOptions): CommandExit {
  const unusable = (['candidate', 'kernels', 'trace'] as const).find((name) => options[name] !== undefined);
  if (unusable !== undefined) {
    throw complain({
      file: 'simulate',
      found: `--${unusable} with --plan`,
      expected: `--${unusable} with a scenario only`,
    });
  }
  const result = simulatePlanFile(file);
  if (options.json) printJson(result);
  else {
    const byStart = Object.entries(result.start).sort(([, a], [, b]) => a - b);
    print(
      columns(
        ['activity', 'start s', 'finish s'],
        byStart.map(([id, start]) => [id, start.toFixed(6), result.finish[id]!.toFixed(6)]),
      ),
    );
    print(`\nmakespan ${result.makespan.toFixed(6)} s`);
  }
  return 0;
}

async function playScenario(file: string, options: SimulateCommandOptions): Promise<CommandExit> {
  const scenario = loadScenario(file, { seed: options.seed });
  await warnOfOtherMachine(profilesOf(scenario.cluster), options);
  const wanted =
    options.candidate === undefined ? scenario.candidates : [candidateById(scenario, options.candidate)];
  if (options.trace !== undefined && wanted.length > 1) {
    throw complain({
      file: 'simulate',
      found: '--trace for all candidates',
      expected: '--candidate ID beside it',
    });
  }
  const live = options.kernels === 'live';
  // Speed-ups compare with others, so from profiles, which cost little, everybody is played.
  const played = live ? withBaseline(scenario, wanted) : scenario.candidates;
  const platform = live ? await livePlatform(scenario, played, options) : scenario.platform;
  const progress = startProgress(live ? 'running kernels' : scenario.name, played.length, options);
  const evaluations: Evaluation[] = [];
  try {
    for (const candidate of played) {
      evaluations.push(evaluate(scenario, candidate, { platform, by: live ? 'loop' : 'simulation' }));
      progress.reach(evaluations.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    progress.stop();
  }
  const rows = compareRows(
    evaluations.map((evaluation) => evaluation.row),
    scenario.baseline,
    scenario.objectives,
  );
  const ids = new Set(wanted.map((candidate) => candidate.id));
  const complete = played.length === scenario.candidates.length;
  const shown: readonly Row[] = rows
    .filter((row) => ids.has(row.id))
    .map((row) => (complete ? row : alone(row)));
  if (options.trace !== undefined) {
    const { trace, plan } = evaluations.find((evaluation) => evaluation.row.id === wanted[0]!.id)!;
    writeAtomically(options.trace, documentText(chromeTrace(trace, plan)));
    note(`trace written to ${options.trace}`, options);
  }
  const detailed = (row: Row) => evaluations.find((evaluation) => evaluation.row.id === row.id)!.trace;
  if (options.json)
    printJson({ rows: shown.map((row) => ({ ...row, perDevice: perDevice(detailed(row)) })) });
  else {
    print(tableText(designTable(shown, tableSetting(scenario)), colours()));
    if (shown.length === 1) print(`\n${deviceTable(detailed(shown[0]!))}`);
  }
  return 0;
}

/** A row without what only all candidates together can say. */
function alone(row: Row): Row {
  return {
    ...row,
    speedupOverSingle: null,
    speedupOverHorizontal: null,
    speedupOverDeepThings: null,
    front: false,
  };
}

function withBaseline(scenario: Scenario, wanted: readonly Candidate[]): readonly Candidate[] {
  const baseline = candidateById(scenario, scenario.baseline);
  return wanted.includes(baseline) ? wanted : [...wanted, baseline];
}

/** tfjs is loaded only for those who ask for it. */
async function livePlatform(scenario: Scenario, played: readonly Candidate[], options: GlobalOptions) {
  note('running the kernels of these designs on this machine ...', options);
  const { platformOfThisMachine } = await import('./live-platform.js');
  return platformOfThisMachine(scenario, played);
}
