import { loadProfile, profilesOf } from '../device/index.js';
import { checkWritable, complain, writeAtomically } from '../foundation/index.js';
import { accuracyPlot, renderSvg } from '../report/index.js';
import { loadScenario } from '../scenario/index.js';
import { validate } from '../validate/index.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { warnOfOtherMachine } from './machine-warning.js';
import { note, print, printJson } from './output.js';
import { startProgress } from './progress.js';
import { validationText } from './validation-text.js';

export interface ValidateCommandOptions extends GlobalOptions {
  readonly profile: string;
  readonly network?: readonly string[];
  readonly kernels?: number;
  /** Images that the networks compute at once. */
  readonly batch?: number;
  readonly tolerance?: number;
  readonly plot?: string;
}

/** `nonn validate`: predictions beside measurements of this machine. Exits with 1 beyond a given tolerance only. */
export async function run(args: readonly string[], options: ValidateCommandOptions): Promise<CommandExit> {
  const { plot } = options;
  if (plot !== undefined && !plot.endsWith('.svg'))
    throw complain({ file: '--plot', found: `"${plot}"`, expected: 'a file NAME.svg' });
  const profile = loadProfile(options.profile);
  const scenario = args[0] === undefined ? undefined : loadScenario(args[0], { seed: options.seed });
  if (plot !== undefined) checkWritable(plot);
  await warnOfOtherMachine(
    [profile, ...(scenario === undefined ? [] : profilesOf(scenario.cluster))],
    options,
  );
  let progress: ReturnType<typeof startProgress> | undefined;
  const result = await validate({
    profile,
    scenario,
    seed: options.seed ?? 1,
    networks: options.network,
    kernels: options.kernels,
    batch: options.batch,
    onProgress: (done, total) => {
      progress ??= startProgress('measuring', total, options);
      progress.reach(done);
    },
  }).finally(() => progress?.stop());
  if (plot !== undefined) writeAtomically(plot, await renderSvg(accuracyPlot(result)));
  if (options.json) printJson(result);
  else print(validationText(result));
  if (plot !== undefined) note(`${plot}: predicted against measured`, options);
  const { tolerance = Number.POSITIVE_INFINITY } = options;
  return result.rows.some(({ error }) => Math.abs(error) > tolerance) ? 1 : 0;
}
