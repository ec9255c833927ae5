import Table from 'cli-table3';

/**
 * Lays rows out in columns of equal width for a terminal, without lines between them. Columns whose cells are all
 * numbers stand at the right; colours in the cells do not count as width. An empty head is left out.
 */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: head.every((title) => title === '') ? [] : [...head],
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((_, column) =>
      rows.length > 0 && rows.every((row) => isNumber(row[column])) ? 'right' : 'left',
    ),
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^[-–—+]?$|^[-+]?\d[\d.,]*(e[-+]?\d+)?( ?[^\s\d]\S*)?$/.test(cell);
}

const borderless = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
) as Record<'mid', string>;
