/** A column of a text table. */
export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/**
 * Lays cells out in columns of equal width, one line a row, the titles first.
 * @param paint colours a finished line; widths are counted before.
 */
export function textColumns(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  paint: (line: string, row: number) => string = (line) => line,
): string[] {
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index]!, align))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map((row, index) => paint(line(row), index))];
}

/** Pads a text with spaces to a width. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}

/** Characters as a terminal counts them; nonn's own texts hold no wide ones. */
function widthOf(text: string): number {
  return [...text].length;
}
