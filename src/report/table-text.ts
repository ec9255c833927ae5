import type { DesignTable } from './design-table.js';
import { type Palette, plain } from './palette.js';
import { textColumns } from './text-columns.js';

/** A table for a terminal: the pick stands out, the front is green, what is infeasible is dim. */
export function tableText(table: DesignTable, palette: Palette = plain): string {
  const paint = (line: string, index: number) => {
    const { mark, row } = table.lines[index]!;
    if (mark === 'pick') return palette.bold(palette.green(line));
    if (mark === 'front') return palette.green(line);
    return row.feasible ? line : palette.dim(line);
  };
  const cells = table.lines.map((line) => line.cells);
  const [head, ...body] = textColumns(table.columns, cells, paint);
  const { general, footnotes } = table.statements;
  return [
    `${palette.bold(table.title)}: ${table.counts}`,
    '',
    palette.bold(head!),
    ...body,
    '',
    ...general.map((statement) => palette.dim(`  ${statement}`)),
    ...footnotes.map((footnote, index) => palette.dim(`  (${index + 1}) ${footnote}`)),
  ].join('\n');
}
