import Table from 'cli-table3';

/** A column of a text table. */
export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/**
 * Lays cells out in columns of equal width without lines between them, one line a row, the titles first (left out where
 * all are empty). Colours in the cells do not count as width.
 * @param paint colours a finished line; widths are counted before.
 */
export function textColumns(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  paint: (line: string, row: number) => string = (line) => line,
): string[] {
  const titles = columns.map(({ title }) => title);
  const untitled = titles.every((title) => title === '');
  const table = new Table({
    head: untitled ? [] : titles,
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: columns.map(({ align }) => align),
  });
  table.push(...rows.map((row) => columns.map((_, index) => row[index] ?? '')));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const head = untitled ? [] : lines.slice(0, 1);
  return [...head, ...lines.slice(head.length).map(paint)];
}

/** Pads a text with spaces to a width; nonn's own texts hold no wide characters. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - [...text].length));
  return align === 'left' ? text + space : space + text;
}

const borderless = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left-mid', 'right-mid', 'middle')
    .map((name) => [name, '']),
) as Record<'mid', string>;
