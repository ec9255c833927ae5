import { NonnError, show } from './error.js';
import { nearest } from './nearest.js';

/** What a number measures. Inside nonn every quantity is a plain number in the SI unit of its row here. */
export type Quantity = 'time' | 'bytes' | 'bandwidth' | 'energy' | 'power' | 'compute' | 'work';

const decimal: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const binary: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const small: Record<string, number> = { '': 1, m: 1e-3, u: 1e-6, µ: 1e-6, μ: 1e-6, n: 1e-9, p: 1e-12 };

/** Prefixes that are read but not written: micro as a letter u and as the Greek letter. */
const otherSpellings = ['u', 'μ'];

/** Unit to factor, for each quantity; the first entry of a row is its SI unit. */
const units: Record<Quantity, ReadonlyMap<string, number>> = {
  time: table([
    ['s', small],
    ['min', { '': 60 }],
    ['h', { '': 3600 }],
  ]),
  bytes: table([['B', { ...decimal, ...binary }]]),
  bandwidth: table([
    ['B/s', { ...decimal, ...binary }],
    ['bit/s', scale(decimal, 1 / 8)],
  ]),
  energy: table([
    ['J', { ...small, ...decimal }],
    ['Wh', { '': 3600, m: 3.6, k: 3.6e6 }],
  ]),
  power: table([['W', { ...small, ...decimal }]]),
  compute: table([['FLOP/s', decimal]]),
  work: table([['FLOP', decimal]]),
};

/**
 * Reads a unit string such as `"54 Mbit/s"` into the SI value of its quantity (here 6.75e6 bytes/s).
 * @throws NonnError if the text has no number, no unit, or a unit of another quantity.
 */
export function parseUnit(text: string, quantity: Quantity): number {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S*)\s*$/.exec(text);
  const si = siUnit(quantity);
  if (match === null)
    throw new NonnError(`found ${show(text)}, expected a number and a unit, such as "1 ${si}"`);
  const factor = units[quantity].get(match[2]!);
  if (factor === undefined) throw new NonnError(wrongUnit(text, match[2]!, quantity));
  const value = Number(match[1]) * factor;
  if (!Number.isFinite(value)) throw new NonnError(`found ${show(text)}, expected a finite number of ${si}`);
  return value;
}

/** A share as a percentage: `12.7 %`. */
export function formatShare(share: number, decimals = 1): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** The SI unit of a quantity, as text. */
export function siUnit(quantity: Quantity): string {
  return units[quantity].keys().next().value!;
}

/** Writes an SI value with the decimal prefix that leaves one to three digits before the point: `6.75 MB/s`. */
export function formatUnit(value: number, quantity: Quantity, digits = 3): string {
  const si = siUnit(quantity);
  const prefixes = Object.entries({ ...decimal, ...small })
    .filter(([prefix]) => units[quantity].has(prefix + si) && !otherSpellings.includes(prefix))
    .sort((a, b) => b[1] - a[1]);
  const magnitude = Math.abs(value);
  const chosen =
    prefixes.find(([, factor]) => magnitude >= factor * (1 - 1e-9)) ??
    (value === 0 ? (['', 1] as const) : prefixes.at(-1)!);
  return `${trimmed(value / chosen[1], digits)} ${chosen[0]}${si}`;
}

function trimmed(value: number, digits: number): string {
  return Math.abs(value) >= 10 ** digits ? value.toFixed(0) : String(Number(value.toPrecision(digits)));
}

function wrongUnit(text: string, unit: string, quantity: Quantity): string {
  const valid = [...units[quantity].keys()];
  const of = (Object.keys(units) as Quantity[]).find((other) => units[other].has(unit));
  const what =
    unit === '' ? 'no unit' : of === undefined ? `the unknown unit "${unit}"` : `a unit of ${of} ("${unit}")`;
  const near = of === undefined && unit !== '' ? nearest(unit, valid) : undefined;
  const examples = valid.slice(0, 4).join(', ');
  return `found ${show(text)} with ${what}, expected a unit of ${quantity} (${examples}, ...)${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
}

function table(
  rows: ReadonlyArray<readonly [unit: string, prefixes: Record<string, number>]>,
): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap(([unit, prefixes]) =>
      Object.entries(prefixes).map(([prefix, factor]) => [prefix + unit, factor] as const),
    ),
  );
}

function scale(prefixes: Record<string, number>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(prefixes).map(([prefix, factor]) => [prefix, factor * by]));
}
