import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProfile } from '../device/index.js';
import { type Row, resultOf, sweep, writeResult } from '../explore/index.js';
import { formatShare, formatUnit, NonnError } from '../foundation/index.js';
import { kernelLabel } from '../kernel/index.js';
import { designTable, tableText, writePlots } from '../report/index.js';
import { loadScenario } from '../scenario/index.js';
import { type Validation, validate } from '../validate/index.js';
import { colours } from './colour.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { defaultWorkers } from './default-workers.js';
import { note, print, printJson } from './output.js';
import { pickSentence } from './pick-sentence.js';
import { startProgress } from './progress.js';
import { tableSetting } from './table-setting.js';

export interface QuickstartOptions extends GlobalOptions {
  readonly workers?: number;
  readonly out?: string;
}

const MAIN_SCENARIO = fileURLToPath(new URL('../../scenarios/cifar10-pi-wifi.json', import.meta.url));
/** Enough for an honest first fit of this machine; `nonn calibrate` takes minutes and does better. */
const CALIBRATION_SECONDS = 30;
const FRESH_KERNELS = 24;
const NETWORKS = ['lenet5', 'wrn-10-1', 'wrn-16-1', 'wrn-16-2', 'mobilenet-v1-0.25'];

/** `nonn quickstart`: the main scenario swept, then kernels and networks of this machine, predicted and measured. */
export async function run(_args: readonly string[], options: QuickstartOptions): Promise<CommandExit> {
  const folder = options.out ?? join('results', 'local', 'quickstart');
  const begun = performance.now();
  const scenario = loadScenario(MAIN_SCENARIO, { seed: options.seed });
  const sweeping = startProgress(scenario.name, scenario.candidates.length, options);
  const played = sweep(scenario, {
    workers: options.workers ?? defaultWorkers(scenario.candidates.length),
    onProgress: (done) => sweeping.reach(done),
  });
  const rows = await played.finally(sweeping.stop);
  const result = resultOf(scenario, rows);
  writeResult(folder, result);
  await writePlots(folder, result);
  const sweepSeconds = (performance.now() - begun) / 1000;
  if (!options.json) {
    print(tableText(designTable(rows, tableSetting(scenario, result.pick)), colours()));
    print(`\n${pickSentence(result.pick, result.baseline, result.pickRule)}`);
    if (result.pick !== null) print(`\n${familySpeedups(result.pick, rows)}`);
  }
  const profile = resolve(folder, 'this-machine.json');
  const validation = await measureThisMachine(profile, options);
  if (options.json) {
    const { candidates, feasible, pick } = result;
    printJson({ candidates, feasible, pick: pick?.id ?? null, seconds: sweepSeconds, folder, validation });
  } else {
    print(`\n${thisMachineText(validation)}`);
    const files = ['result.json', 'candidates.csv', 'front.svg', 'speedup.svg', 'this-machine.json'];
    print(`\nFiles in ${folder}: ${files.join(', ')}`);
    const seconds = (performance.now() - begun) / 1000;
    note(
      `${rows.length} designs played in ${sweepSeconds.toFixed(1)} s; all of it took ${seconds.toFixed(0)} s`,
      options,
    );
  }
  return result.feasible > 0 ? 0 : 1;
}

/** The pick against the fastest feasible design of each other family. */
function familySpeedups(pick: Row, rows: readonly Row[]): string {
  const lines = (
    [
      ['single', pick.speedupOverSingle],
      ['horizontal', pick.speedupOverHorizontal],
      ['deepthings', pick.speedupOverDeepThings],
    ] as const
  ).map(([family, speedup]) => {
    const feasible = rows.filter((row) => row.strategy === family && row.feasible && row.latency !== null);
    const best = [...feasible].sort((a, b) => a.latency! - b.latency!)[0];
    return best === undefined || speedup === null
      ? [family, 'no feasible design', '', '']
      : [family, best.id, formatUnit(best.latency!, 'time'), `${speedup.toFixed(2)}x`];
  });
  return columns(['speed-up of the pick over', 'fastest feasible design', 'latency', 'speed-up'], lines);
}

/** Calibrates in a process of its own, whose memory holds nothing of the sweep, then validates what came of it. */
async function measureThisMachine(file: string, options: QuickstartOptions): Promise<Validation> {
  note(`\nMeasuring kernels of this machine for ${CALIBRATION_SECONDS} s ...`, options);
  const seed = options.seed ?? 1;
  const flags = ['--budget', `${CALIBRATION_SECONDS}s`, '--out', file, '--seed', String(seed), '--json'];
  const command = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [command, 'calibrate', ...flags, ...(options.quiet ? ['--quiet'] : [])],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = await once(child, 'close');
  if (code !== 0) throw new NonnError(`quickstart: found a calibration that ended with ${code}, expected 0`);
  const progress = startProgress('measuring again', 2 * NETWORKS.length, options);
  // Another seed than the calibration's, so that these kernels are new to it.
  const validation = validate({
    profile: loadProfile(file),
    seed: seed + 1,
    kernels: FRESH_KERNELS,
    networks: NETWORKS,
    onProgress: (done) => progress.reach(done),
  });
  return validation.finally(progress.stop);
}

function thisMachineText(validation: Validation): string {
  const c = colours(process.stdout);
  const table = columns(
    ['on this machine, tfjs-wasm', 'predicted', 'measured', 'error'],
    validation.rows.map((row) => [
      kernelLabel(row.name),
      formatUnit(row.predicted, 'time'),
      formatUnit(row.measured, 'time'),
      `${row.error > 0 ? '+' : ''}${formatShare(row.error, 0)}${row.extrapolated ? ' extrapolated' : ''}`,
    ]),
  );
  const summary = (['kernels', 'networks'] as const).flatMap((kind) => {
    const of = validation[kind];
    return of === undefined
      ? []
      : [
          `${of.count} ${kind} within 10 %: ${formatShare(of.within10, 0)}, mean error ${formatShare(of.mape, 0)}`,
        ];
  });
  const noise = `measurements that agree with themselves within 10 %: ${formatShare(validation.noiseFloor.within10, 0)} (the noise floor)`;
  return `${table}\n\n${c.bold('How far to trust it')}: ${[...summary, noise].join('; ')}`;
}
