import { type ReadResult, readResult } from '../explore/index.js';
import { complain } from '../foundation/index.js';
import { type DesignTableOptions, designTable, tableCsv, tableMarkdown, tableText } from '../report/index.js';
import { colours } from './colour.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { print, printJson } from './output.js';

export interface TableOptions extends GlobalOptions {
  readonly format?: 'md' | 'csv' | 'json';
}

/** `nonn table`: results as a table; for people on a terminal unless a form is asked for. */
export async function run(args: readonly string[], options: TableOptions): Promise<CommandExit> {
  const results = args.map((argument) => withRows(argument, readResult(argument)));
  const format = options.json ? 'json' : (options.format ?? (process.stdout.isTTY === true ? 'text' : 'md'));
  const rows = results.map(({ scenario, pick, rows }) => ({ scenario, pick: pick?.id ?? null, rows }));
  if (format === 'csv') {
    print(tableCsv(rows).trimEnd());
  } else if (format === 'json') {
    const tables = results.map((result, index) => {
      const { general, footnotes } = designTable(result.rows, settingOf(result)).statements;
      return { ...rows[index]!, statements: general, footnotes };
    });
    printJson({ tables });
  } else {
    const blocks = results.map((result) =>
      format === 'md'
        ? tableMarkdown(designTable(result.rows, settingOf(result)))
        : tableText(designTable(result.rows, { ...settingOf(result), width: 'narrow' }), colours()),
    );
    print(blocks.join('\n\n'));
  }
  return 0;
}

function settingOf({ scenario, pick, inputs }: ReadResult): DesignTableOptions {
  const text = (path: string) => (inputs[path] === undefined ? undefined : String(inputs[path]));
  return {
    title: scenario,
    pick: pick?.id,
    baseline: text('baseline'),
    inputType: text('workload.inputType'),
  };
}

function withRows(argument: string, result: ReadResult): ReadResult {
  if (result.rows.length > 0) return result;
  throw complain({
    file: argument,
    path: 'rows',
    found: 'no row',
    expected: 'a result that nonn sweep wrote',
  });
}
