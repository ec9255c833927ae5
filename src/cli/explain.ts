import { type ExplainedRow, explainProfile, loadProfile } from '../device/index.js';
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
  // The same citation stands behind many values, so it is written once and referred to.
  const notes: string[] = [];
  const reference = (row: ExplainedRow) => {
    const samples = row.samples === undefined ? undefined : `${row.samples} samples`;
    const text = [row.citation, row.date, samples, row.note].filter(Boolean).join('; ');
    if (!notes.includes(text)) notes.push(text);
    return `[${notes.indexOf(text) + 1}]`;
  };
  print(c.bold(profile.name));
  for (const row of rows) if (row.source === 'stated') print(`  ${row.path.split('.').at(-1)}: ${row.value}`);
  print('');
  print(
    columns(
      ['value', 'is', 'interval', 'source', ''],
      rows
        .filter((row) => row.source !== 'stated')
        .map((row) => [
          row.path,
          row.source === 'unknown' ? c.yellow(row.value) : row.value,
          row.interval ?? '',
          row.source,
          reference(row),
        ]),
    ),
  );
  print('');
  for (const [index, text] of notes.entries()) print(`[${index + 1}] ${text}`);
  return 0;
}
