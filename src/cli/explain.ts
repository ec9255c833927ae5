import { explainProfile, loadProfile } from '../device/index.js';
import { colours } from './colour.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { print, printJson } from './output.js';

/** `nonn explain PROFILE`: every number of a profile and who says so. */
export async function run(args: readonly string[], options: GlobalOptions): Promise<CommandExit> {
  const profile = loadProfile(args[0]!);
  const rows = explainProfile(profile);
  if (options.json) {
    printJson({ profile: profile.name, rows });
    return 0;
  }
  const c = colours(process.stdout);
  print(c.bold(`${profile.name}: ${profile.board}`));
  print(
    columns(
      ['value of', 'is', 'interval', 'source', 'citation'],
      rows.map((row) => [
        row.path,
        row.source === 'unknown' ? c.yellow(row.value) : row.value,
        row.interval ?? '',
        row.source,
        [row.citation, row.date, row.samples === undefined ? undefined : `${row.samples} samples`, row.note]
          .filter(Boolean)
          .join('; '),
      ]),
    ),
  );
  return 0;
}
