import { formatShare } from '../foundation/index.js';

/** How the numbers of one column are written: all in one unit and with the same decimals, so that they compare. */
export interface ColumnUnit {
  /** `ms`, `kB`; empty for plain numbers. */
  readonly unit: string;
  readonly factor: number;
  readonly decimals: number;
}

const prefixes = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['', 1],
  ['m', 1e-3],
  ['µ', 1e-6],
  ['n', 1e-9],
] as const;

/**
 * The unit of a column: the prefix that leaves one to three digits before the point of its median, and the decimals
 * that show three digits of the median and two of the smallest number: at the most three, two for plain numbers.
 *
 * @param symbol SI unit: `s`, `J`, `B`; empty for plain numbers, which get no prefix. Bytes are never written in parts.
 */
export function columnUnit(values: readonly (number | null)[], symbol: string): ColumnUnit {
  const sizes = values
    .flatMap((value) => (value === null || value === 0 ? [] : [Math.abs(value)]))
    .sort((a, b) => a - b);
  if (sizes.length === 0) return { unit: symbol, factor: 1, decimals: 0 };
  const median = sizes[Math.floor(sizes.length / 2)]!;
  const usable = prefixes.filter(
    ([, factor]) => (symbol !== 'B' || factor >= 1) && (symbol !== '' || factor === 1),
  );
  const [prefix, factor] = usable.find(([, each]) => median >= each) ?? usable.at(-1)!;
  const decimals = Math.max(decimalsFor(median / factor, 3), decimalsFor(sizes[0]! / factor, 2));
  return { unit: prefix + symbol, factor, decimals: Math.min(decimals, symbol === '' ? 2 : 3) };
}

/** A number of the column as text; `–` where it is unknown. */
export function inUnit(value: number | null, { factor, decimals }: ColumnUnit): string {
  if (value === null) return '–';
  return value === 0 ? '0' : (value / factor).toFixed(decimals);
}

/** A share as a percentage: `12.7 %`; `–` where it is unknown. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  return formatShare(share, share === 0 || share >= 0.9995 ? 0 : 1);
}

/** Decimals that show so many digits of a number. */
function decimalsFor(size: number, digits: number): number {
  return Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
}
