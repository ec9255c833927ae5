import type { Objective } from '../scenario/index.js';
import { paretoFront } from './pareto.js';
import type { LoneRow, Row } from './row.js';

/**
 * Completes rows by comparing them: speed-ups over the baseline and over the fastest feasible design of each family,
 * and membership of the exact Pareto front of the feasible ones.
 */
export function compareRows(
  rows: readonly LoneRow[],
  baseline: string,
  objectives: readonly Objective[],
): Row[] {
  const base = rows.find((row) => row.id === baseline);
  // The baseline may break a budget, but what does not fit into memory never ran.
  const baseLatency = base?.fits === true ? base.latency : null;
  const best = (strategy: string) => {
    const latencies = rows.flatMap((row) =>
      row.strategy === strategy && row.feasible && row.latency !== null ? [row.latency] : [],
    );
    return latencies.length === 0 ? null : Math.min(...latencies);
  };
  const families = { single: best('single'), horizontal: best('horizontal'), deepthings: best('deepthings') };
  const feasible = rows.filter((row) => row.feasible);
  const front = new Set(
    paretoFront(feasible.map((row) => objectiveValues(row, objectives))).map((index) => feasible[index]!.id),
  );
  return rows.map(({ fits, ...row }) => {
    const over = (latency: number | null) =>
      latency === null || row.latency === null || !fits ? null : latency / row.latency;
    return {
      ...row,
      speedup: over(baseLatency),
      speedupOverSingle: over(families.single),
      speedupOverHorizontal: over(families.horizontal),
      speedupOverDeepThings: over(families.deepthings),
      front: front.has(row.id),
    };
  });
}

/** Values to make small; an unknown one counts as worse than any known, and a high accuracy is as good as a low latency. */
export function objectiveValues(row: Pick<Row, Objective>, objectives: readonly Objective[]): number[] {
  return objectives.map((objective) => {
    const value = row[objective];
    if (value === null) return Number.POSITIVE_INFINITY;
    return objective === 'accuracy' ? -value : value;
  });
}
