import { NonnError } from '../foundation/index.js';
import type { BoardRun, BoardTable, TableKernel } from './board-table.js';
import type { LatencyFamily } from './family.js';
import type { FamilyBase, LatencyFit } from './profile.js';
import {
  type FittedKernel,
  type FittedRow,
  fitRoofline,
  type RooflineParameters,
  rooflineSeconds,
} from './roofline-fit.js';

/**
 * Families whose parameters the networks of the table can tell apart, and those that share them: whole networks
 * hold too little pooling and copying to give each its own.
 */
const sharing: readonly (readonly LatencyFamily[])[] = [
  ['conv3x3'],
  ['conv1x1'],
  ['conv'],
  ['depthwise3x3'],
  ['depthwise'],
  ['dense'],
  ['elementwise', 'pool', 'move'],
];

/** How strongly the fit over all boards is drawn to its start, and a board's own fit to that of all boards. */
const strengths = { pooled: 0.001, board: 0.003 };
/** Where the fit over all boards starts: arithmetic takes most of the time, memory moves 2 GB/s, a call takes 20 us. */
const start = { computeShare: 0.7, bandwidth: 2e9, overhead: 20e-6 };

/**
 * Limits of plausible parameters. Winograd's F(6,3) multiplies 64 times for 324; a memcpy counts once what it reads
 * and writes, and ncnn may keep weights in half precision. A call takes at least a microsecond.
 */
const limits = { winograd: 324 / 64, memcpy: 4, overhead: 1e-6 };

/** Latency parameters of one board with one number of threads, and how good they are. */
export interface BoardFit {
  readonly base: Partial<Record<LatencyFamily, FamilyBase>>;
  readonly fit: LatencyFit;
}

/**
 * Fits a latency base to the published latencies of one board. What one board's networks cannot tell apart is
 * decided by all boards of the table: a first fit over all of them, each scaled to this board by the mean ratio of
 * their common networks, is the prior of the second, over this board's networks alone. Runs of one thread and runs
 * of several are kept apart. A network that is left out is left out of both, on every board.
 *
 * @throws NonnError if the table has no such board or number of threads.
 */
export function fitBoard(table: BoardTable, board: string, threads: number): BoardFit {
  const run = runOf(table, board, threads);
  const least = leastOf(table, board, threads);
  const names = Object.keys(run.milliseconds);
  const parameters = fitWithout(table, run, least, null);
  const leftOut = names.map((name) => fitWithout(table, run, least, name));
  const rows = names.map((name, index) => {
    const measured = secondsOf(run, name);
    const predicted = rounded(rooflineSeconds(kernelsOf(table, name), leftOut[index]!));
    return { name, measured, predicted, error: rounded(predicted / measured - 1) };
  });
  const fitted = names.map(
    (name) => rooflineSeconds(kernelsOf(table, name), parameters) / secondsOf(run, name),
  );
  const noise = names.map((name) => run.milliseconds[name]![1] / run.milliseconds[name]![0] - 1);
  return {
    base: baseOf(table, names, parameters, leftOut),
    fit: {
      method: method(table),
      leftOut: errorsOf(rows.map(({ predicted, measured }) => predicted / measured)),
      fitted: errorsOf(fitted),
      noiseFloor: rounded(median(noise)),
      rows,
      source: 'derived',
      citation: table.citation,
      date: table.date,
      samples: names.length,
      note: 'rows: each network predicted by a fit without it; noiseFloor: median of mean / minimum - 1 over the loops of a run',
    },
  };
}

function method(table: BoardTable): string {
  return `max(flops / rate, bytes / bandwidth) + overhead a family, non-negative least squares of relative errors to the minimum latencies of whole networks, kernels assigned to compute or memory in turn; drawn with strength ${strengths.board} to the fit over all ${table.boards.length} boards of the table; one network left out at a time, on all boards`;
}

function runOf(table: BoardTable, board: string, threads: number): BoardRun {
  const found = table.boards.find((entry) => entry.board === board);
  const run = found?.runs.find((entry) => entry.threads === threads);
  if (run === undefined)
    throw new NonnError(
      `board table: found no run of "${board}" with ${threads} threads, expected ${found === undefined ? 'a board of the table' : `one of ${found.runs.map((entry) => entry.threads).join(', ')}`}`,
    );
  return run;
}

/** The least seconds a FLOP, a byte and a call, by the limits of the board; of a call alone where none are stated. */
function leastOf(table: BoardTable, board: string, threads: number): RooflineParameters {
  const stated = table.boards.find((entry) => entry.board === board)?.limits;
  return sharing.flatMap((families) => {
    const rate = (stated?.rate ?? Number.POSITIVE_INFINITY) * threads;
    const multiplied = families[0] === 'conv3x3' ? rate * limits.winograd : rate;
    const bandwidth = (stated?.memcpy ?? Number.POSITIVE_INFINITY) * limits.memcpy;
    return [1 / multiplied, 1 / bandwidth, limits.overhead];
  });
}

function fitWithout(
  table: BoardTable,
  run: BoardRun,
  least: RooflineParameters,
  without: string | null,
): RooflineParameters {
  const names = Object.keys(run.milliseconds).filter((name) => name !== without);
  const own = names.map((name) => ({
    kernels: kernelsOf(table, name),
    seconds: secondsOf(run, name),
    weight: 1,
  }));
  const pooled = fitRoofline(pooledRows(table, run, names, without), startOf(own), strengths.pooled, least);
  const scale = geometricMean(own.map((row) => row.seconds / rooflineSeconds(row.kernels, pooled)));
  return fitRoofline(
    own,
    pooled.map((value) => value * scale),
    strengths.board,
    least,
  );
}

/** Networks of every run of the same kind, in seconds of this board; all runs together weigh as much as one. */
function pooledRows(
  table: BoardTable,
  run: BoardRun,
  names: readonly string[],
  without: string | null,
): readonly FittedRow[] {
  const runs = table.boards
    .flatMap((board) => board.runs)
    .filter((other) => (other.threads === 1) === (run.threads === 1));
  return runs.flatMap((other) => {
    const common = names.filter((name) => name in other.milliseconds);
    const ratio = geometricMean(common.map((name) => secondsOf(other, name) / secondsOf(run, name)));
    return Object.keys(other.milliseconds)
      .filter((name) => name !== without)
      .map((name) => ({
        kernels: kernelsOf(table, name),
        seconds: secondsOf(other, name) / ratio,
        weight: 1 / Math.sqrt(runs.length),
      }));
  });
}

function startOf(rows: readonly FittedRow[]): RooflineParameters {
  const rates = rows.map(
    (row) => row.kernels.reduce((sum, kernel) => sum + kernel.count * kernel.flops, 0) / row.seconds,
  );
  const rate = mean(rates);
  return sharing.flatMap(() => [start.computeShare / rate, 1 / start.bandwidth, start.overhead]);
}

function kernelsOf(table: BoardTable, name: string): readonly FittedKernel[] {
  const kernels = table.networks[name];
  if (kernels === undefined)
    throw new NonnError(`board table: networks: found no "${name}", expected its kernels`);
  return kernels.map((kernel) => ({ ...kernel, family: sharedIndex(kernel) }));
}

function sharedIndex(kernel: TableKernel): number {
  return sharing.findIndex((families) => families.includes(kernel.family));
}

/** The parameters as a profile states them; intervals span the fits that left one network out. */
function baseOf(
  table: BoardTable,
  names: readonly string[],
  parameters: RooflineParameters,
  leftOut: readonly RooflineParameters[],
): Partial<Record<LatencyFamily, FamilyBase>> {
  const from = {
    source: 'derived' as const,
    citation: table.citation,
    date: table.date,
    samples: names.length,
  };
  const entries = sharing.flatMap((families, index) => {
    const together = families.length === 1 ? {} : { note: `fitted together: ${families.join(', ')}` };
    const figure = (offset: number, of: (parameter: number) => number) => {
      const at = 3 * index + offset;
      const around = [parameters, ...leftOut].map((fit) => of(fit[at]!));
      return {
        value: rounded(of(parameters[at]!)),
        ...from,
        interval: [rounded(Math.min(...around)), rounded(Math.max(...around))] as [number, number],
        ...together,
      };
    };
    const kernels = names
      .flatMap((name) => table.networks[name]!)
      .filter((kernel) => families.includes(kernel.family));
    const span = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
    const base: FamilyBase = {
      rate: figure(0, (parameter) => 1 / parameter),
      bandwidth: figure(1, (parameter) => 1 / parameter),
      overhead: figure(2, (parameter) => parameter),
      range: {
        flops: span(kernels.map((kernel) => kernel.flops)),
        bytes: span(kernels.map((kernel) => kernel.bytes)),
        ...from,
      },
    };
    return families.map((family) => [family, base] as const);
  });
  return Object.fromEntries(entries);
}

function secondsOf(run: BoardRun, name: string): number {
  return rounded(run.milliseconds[name]![0] / 1e3);
}

function errorsOf(ratios: readonly number[]): LatencyFit['leftOut'] {
  const errors = ratios.map((ratio) => Math.abs(ratio - 1));
  return {
    count: errors.length,
    median: rounded(median(errors)),
    mean: rounded(mean(errors)),
    worst: rounded(Math.max(...errors)),
    spread: rounded(Math.sqrt(mean(ratios.map((ratio) => Math.log(ratio) ** 2)))),
  };
}

/** Four digits: more than the data holds, and few enough to be the same on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}
