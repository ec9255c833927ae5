import { type MeasuredKernel, nonNegativeLeastSquares, type WorkTerms, workTerms } from '../device/index.js';

/** Something that was measured, in seconds: work that it does, beside what is known to take so many of them. */
export interface MeasuredWork {
  readonly terms: WorkTerms;
  readonly seconds: number;
  readonly known: number;
}

/** Seconds for one of each kind of a kernel's work (`workTerms`). */
export function fitWork(kernels: readonly MeasuredKernel[]): Readonly<Record<string, number>> {
  return fitAmounts(
    kernels.map((kernel) => ({ terms: workTerms(kernel), seconds: kernel.seconds, known: 0 })),
  );
}

/**
 * Seconds for one of each kind of work, none below zero, with the least sum of squared relative errors. A row that is far
 * off counts less in the next round, so that a few odd ones do not bend the others (Huber's reweighted least squares,
 * with the weights of Cauchy).
 * @param expected what others have told already, towards which kinds of work are drawn that these rows tell little about.
 */
export function fitAmounts(
  measured: readonly MeasuredWork[],
  expected?: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = [...new Set(measured.flatMap(({ terms }) => terms.map(([name]) => name)))];
  const place = new Map(names.map((name, index) => [name, index]));
  const shares = measured.map(({ terms, seconds }) => {
    const shares = new Array<number>(names.length).fill(0);
    for (const [name, amount] of terms) shares[place.get(name)!]! += amount / seconds;
    return shares;
  });
  const knownShares = measured.map(({ known, seconds }) => known / seconds);
  // Columns are brought to one size, so that the ridge weighs alike on all.
  const sizes = names.map((_, column) => {
    const total = shares.reduce((sum, row) => sum + row[column]!, 0);
    return total > 0 ? total / measured.length : 1;
  });
  for (const row of shares) for (const [column, size] of sizes.entries()) row[column]! /= size;
  const strength = (expected === undefined ? RIDGE : EXPECTED_RIDGE) * Math.sqrt(measured.length);
  const ridge = names.map((_, index) => names.map((_, column) => (column === index ? strength : 0)));
  const drawnTo = names.map((name, index) => strength * (expected?.[name] ?? 0) * sizes[index]!);
  let weights = measured.map(() => 1);
  let perWork: readonly number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const rows = shares.map((row, index) => row.map((value) => value * weights[index]!));
    const wanted = weights.map((weight, index) => weight * (1 - knownShares[index]!));
    perWork = nonNegativeLeastSquares([...rows, ...ridge], [...wanted, ...drawnTo]);
    weights = shares.map((row, index) => {
      const ratio = row.reduce((sum, value, column) => sum + value * perWork[column]!, knownShares[index]!);
      return 1 / Math.sqrt(1 + (Math.log(Math.max(ratio, LEAST_RATIO)) / FAR_OFF) ** 2);
    });
  }
  return Object.fromEntries(
    names.flatMap((name, column) => {
      const seconds = perWork[column]! / sizes[column]!;
      return seconds > 0 ? [[name, Number(seconds.toPrecision(DIGITS))]] : [];
    }),
  );
}

/** How much a kind of work that the kernels tell nothing about is drawn towards nothing. */
const RIDGE = 1e-3;
/** The same towards what is expected: a few dozen rows have to tell a dozen kinds apart. */
const EXPECTED_RIDGE = 0.05;
const ROUNDS = 4;
/** A relative error that halves a kernel's weight, about. */
const FAR_OFF = 0.1;
const LEAST_RATIO = 1e-6;
const DIGITS = 5;
