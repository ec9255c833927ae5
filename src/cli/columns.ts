import { textColumns } from '../report/index.js';

/**
 * Lays rows out in columns of equal width for a terminal. Columns whose cells are all numbers stand at the right; an
 * empty head is left out.
 */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const titled = head.map((title, column) => ({
    title,
    align:
      rows.length > 0 && rows.every((row) => isNumber(row[column])) ? ('right' as const) : ('left' as const),
  }));
  return textColumns(titled, rows).join('\n');
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^[-–—+]?$|^[-+]?\d[\d.,]*(e[-+]?\d+)?( ?[^\s\d]\S*)?$/.test(cell);
}
