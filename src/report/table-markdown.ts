import type { DesignTable } from './design-table.js';
import { pad } from './text-columns.js';

/** A table as GitHub's Markdown, aligned so that it reads as plain text too; the pick is bold. */
export function tableMarkdown(table: DesignTable): string {
  const head = table.columns.map(({ title }) => escapeCell(title));
  const body = table.lines.map(({ cells, mark }) =>
    cells.map((cell, index) => {
      const escaped = escapeCell(cell);
      return mark === 'pick' && index < 2 ? `**${escaped}**` : escaped;
    }),
  );
  const widths = head.map((title, index) =>
    Math.max(3, ...[title, ...body.map((row) => row[index]!)].map((cell) => [...cell].length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => pad(cell, widths[index]!, table.columns[index]!.align)).join(' | ')} |`;
  const rule = table.columns.map(({ align }, index) =>
    align === 'left' ? '-'.repeat(widths[index]!) : `${'-'.repeat(widths[index]! - 1)}:`,
  );
  const { general, footnotes } = table.statements;
  return [
    `### ${escapeCell(table.title)}`,
    '',
    `${table.counts[0]!.toUpperCase()}${table.counts.slice(1)}.`,
    '',
    line(head),
    `| ${rule.join(' | ')} |`,
    ...body.map(line),
    '',
    ...general.map((statement) => `- ${escapeCell(statement)}`),
    ...footnotes.map((footnote, index) => `- (${index + 1}) ${escapeCell(footnote)}`),
  ].join('\n');
}

/** A cell that GitHub reads as the text that it is. */
function escapeCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}
