import { loadProfile } from '../device/index.js';
import { formatShare, formatUnit } from '../foundation/index.js';
import { loadScenario } from '../scenario/index.js';
import { type Summary, type Validation, validate } from '../validate/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { print, printJson } from './output.js';
import { startProgress } from './progress.js';

export interface ValidateCommandOptions extends GlobalOptions {
  readonly profile: string;
  readonly network?: readonly string[];
  readonly kernels?: number;
  readonly tolerance?: number;
}

/** `nonn validate`: predictions beside measurements of this machine. Exits with 1 beyond a given tolerance only. */
export async function run(args: readonly string[], options: ValidateCommandOptions): Promise<CommandExit> {
  const profile = loadProfile(options.profile);
  const scenario = args[0] === undefined ? undefined : loadScenario(args[0], { seed: options.seed });
  let progress: ReturnType<typeof startProgress> | undefined;
  const result = await validate({
    profile,
    scenario,
    seed: options.seed ?? 1,
    networks: options.network,
    kernels: options.kernels,
    onProgress: (done, total) => {
      progress ??= startProgress('measuring', total, options);
      progress.reach(done);
    },
  });
  progress?.stop();
  if (options.json) printJson(result);
  else show(result);
  const { tolerance = Number.POSITIVE_INFINITY } = options;
  return result.rows.some(({ error }) => Math.abs(error) > tolerance) ? 1 : 0;
}

const MOST_ROWS = 40;

function show(result: Validation): void {
  const rows = [...result.rows].sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  print(
    columns(
      ['', 'predicted', 'measured', 'error', ''],
      rows
        .slice(0, MOST_ROWS)
        .map((row) => [
          row.name,
          formatUnit(row.predicted, 'time'),
          formatUnit(row.measured, 'time'),
          `${row.error > 0 ? '+' : ''}${formatShare(row.error)}`,
          row.extrapolated ? 'extrapolated' : '',
        ]),
    ),
  );
  if (rows.length > MOST_ROWS) print(`... and ${rows.length - MOST_ROWS} with smaller errors`);
  const summaries = (['kernels', 'networks', 'plans', 'roofline', 'flops'] as const).flatMap((kind) => {
    const summary = result[kind];
    return summary === undefined ? [] : [summaryRow(titles[kind], summary)];
  });
  print('');
  print(
    columns(['', 'count', 'within 5 %', 'within 10 %', 'mean', 'worst', 'Spearman', 'Kendall'], summaries),
  );
  print(`
${result.profile} (${result.runtime}) on this machine; measured before and after, ${formatShare(result.noiseFloor.within10)} agree within 10 %.`);
  if (result.plans !== undefined)
    print('Plans ran in one process: predicted and measured are the sum of all their tasks, without links.');
}

const titles = {
  kernels: 'kernels',
  networks: 'networks',
  plans: 'plans',
  roofline: 'all, by the roofline alone',
  flops: 'all, by one rate',
} as const;

function summaryRow(title: string, summary: Summary): readonly string[] {
  const rank = (value: number | null) => (value === null ? '-' : value.toFixed(3));
  const { count, within5, within10, mape, worst, spearman, kendall } = summary;
  return [
    title,
    String(count),
    formatShare(within5),
    formatShare(within10),
    formatShare(mape),
    formatShare(worst),
    rank(spearman),
    rank(kendall),
  ];
}
