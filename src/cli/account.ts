import { accountOf, type DataSet, readDataSet } from '../learn/index.js';
import { accountCsv, accountMarkdown, accountText } from '../report/index.js';
import { type BackendName, openBackend } from '../runtime/index.js';
import { loadScenario, stagesOf, trainedIn } from '../scenario/index.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';
import { startProgress } from './progress.js';

export interface AccountCommandOptions extends GlobalOptions {
  readonly data?: string;
  readonly scenario?: string;
  readonly format?: 'md' | 'csv' | 'json';
  readonly backend?: BackendName;
  readonly threads?: number;
  readonly images?: number;
  readonly measure?: boolean;
}

/** Images that each plan is really executed on, unless it is said. */
const IMAGES = 200;

/** `nonn account FOLDER...`: what training came to, beside what each network costs. */
export async function run(folders: readonly string[], options: AccountCommandOptions): Promise<CommandExit> {
  const format = options.json ? 'json' : (options.format ?? (process.stdout.isTTY === true ? 'text' : 'md'));
  const stages = stagesOf(folders.flatMap((folder) => trainedIn(folder)));
  const names = [...new Set(stages.map(({ data }) => data.name))];
  const scenario =
    options.scenario === undefined ? undefined : loadScenario(options.scenario, { seed: options.seed });
  const data = await imagesOf(names, options);
  for (const name of names)
    if (!data.has(name)) note(`${name}: without --data, what needs its images is left out`, options);
  const backend = await openBackend(options.backend ?? 'tfjs-wasm', { threads: options.threads });
  const progress = startProgress('account', stages.length + 1, options);
  let done = 0;
  try {
    const accounts = accountOf(folders, {
      data: (name) => data.get(name),
      scenario,
      backend,
      images: options.images ?? IMAGES,
      measureOn: options.measure === true ? new Date().toISOString().slice(0, 10) : undefined,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onStep: () => progress.reach(done++),
    });
    progress.stop();
    if (format === 'json') printJson({ accounts });
    else if (format === 'csv') print(accountCsv(accounts).trimEnd());
    else print(format === 'md' ? accountMarkdown(accounts) : accountText(accounts));
  } finally {
    progress.stop();
  }
  return 0;
}

/** MNIST comes with nonn; the images of one other data set lie where `--data` says. */
async function imagesOf(
  names: readonly string[],
  { data: path }: AccountCommandOptions,
): Promise<ReadonlyMap<string, DataSet>> {
  const found = new Map<string, DataSet>();
  for (const name of names) {
    if (name === 'mnist') found.set(name, await readDataSet(name));
    else if (path !== undefined) found.set(name, await readDataSet(name, { path }));
  }
  return found;
}
