/**
 * The numbers of a row of measurements, or null unless there are so many, none below zero and the last ones, seconds, above.
 */
export function numbersOf(row: string, count: number, seconds: number): readonly number[] | null {
  const numbers = row.split(' ').map((part) => (part === '' ? Number.NaN : Number(part)));
  const isWhole =
    numbers.length === count &&
    numbers.every((value) => Number.isFinite(value) && value >= 0) &&
    numbers.slice(-seconds).every((value) => value > 0);
  return isWhole ? numbers : null;
}
