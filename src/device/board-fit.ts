import { NonnError } from '../foundation/index.js';
import { networkSeconds } from './board-model.js';
import { priorCovariance, priorMiddle, type RunKind } from './board-prior.js';
import type { BoardRun, BoardTable, TableKernel } from './board-table.js';
import type { JointFit } from './joint-fit.js';
import { fitPublished, type PublishedLatency } from './published-fit.js';

/** How far single latencies and whole networks are trusted, and how much boards may differ. */
export interface FitStrength {
  /** Error of one latency, as a fraction. */
  readonly row: number;
  /** Error that all boards share about one network: what the model gets wrong about it. */
  readonly network: number;
  /** Factor on how far boards, designs and numbers of threads may lie from each other. */
  readonly scale: number;
}

/** Strengths among which cross-validation chooses. */
export const strengths: readonly FitStrength[] = [0.12, 0.2].flatMap((row) =>
  [0.04, 0.08].flatMap((network) => [1, 2].map((scale) => ({ row, network, scale }))),
);

/** What it chose on the whole table (`chooseStrength`). */
export const chosenStrength: FitStrength = { row: 0.12, network: 0.04, scale: 2 };

/** The runs of a table, one after the other over all boards, and all their latencies. */
export interface BoardRows {
  readonly table: BoardTable;
  readonly runs: readonly (RunKind & BoardRun & { readonly name: string })[];
  readonly rows: readonly PublishedLatency[];
}

/** The parameters of every run, in the order of `BoardRows.runs`. */
export type BoardsFit = JointFit;

/** The latencies of a table as rows. Clusters of cores of one board (`powersave`) count as boards of their own. */
export function boardRows(table: BoardTable): BoardRows {
  const runs = table.boards.flatMap(({ board, runs: own }) =>
    own.map((run) => ({ ...run, name: board, board: `${board} ${run.powersave}` })),
  );
  const rows = runs.flatMap((run, index) =>
    Object.entries(run.milliseconds).map(([network, [least]]) => ({
      run: index,
      network,
      seconds: least / 1e3,
    })),
  );
  return { table, runs, rows };
}

/**
 * Fits all runs of a table at once: each has its own parameters, drawn to those of its board, its core design, its kind
 * of run and all runs. Rows of left-out networks are used nowhere.
 *
 * @param start a fit of nearly the same rows, to be quicker.
 */
export function fitBoards(
  { table, runs, rows }: BoardRows,
  strength: FitStrength,
  without: readonly string[] = [],
  start?: BoardsFit,
): BoardsFit {
  const used = rows.filter((row) => !without.includes(row.network));
  const kernels = used.map((row) => kernelsOf(table, row.network));
  return fitPublished(
    used,
    {
      seconds: (network, parameters, slopes) => networkSeconds(kernelsOf(table, network), parameters, slopes),
      middle: runs.map((run, index) => {
        const middle = priorMiddle(run);
        // The speed of a run starts where its mean latency is right, so that the first step is small.
        const own = used.flatMap((row, place) =>
          row.run === index ? [{ row, kernels: kernels[place]! }] : [],
        );
        const wrong = own.map(({ row, kernels: of }) =>
          Math.log(row.seconds / networkSeconds(of, middle.map(Math.exp))),
        );
        middle[0]! += wrong.length === 0 ? 0 : wrong.reduce((a, b) => a + b, 0) / wrong.length;
        return middle;
      }),
      covariance: priorCovariance(runs, strength.scale),
      noise: { row: strength.row, item: strength.network },
    },
    start,
  );
}

/** A row predicted by a fit that never saw its network, on any board. */
export interface LeftOutRow extends PublishedLatency {
  readonly predicted: number;
}

/** Leaves one network out at a time, on all boards; `without` is left out throughout. */
export function leaveOneNetworkOut(
  data: BoardRows,
  strengthOf: (network: string) => FitStrength,
  without: readonly string[] = [],
): readonly (LeftOutRow & { readonly fit: BoardsFit })[] {
  const start = fitBoards(data, chosenStrength, without);
  return Object.keys(data.table.networks)
    .filter((network) => !without.includes(network))
    .flatMap((network) => {
      const fit = fitBoards(data, strengthOf(network), [...without, network], start);
      return data.rows
        .filter((row) => row.network === network)
        .map((row) => ({
          ...row,
          predicted: networkSeconds(kernelsOf(data.table, network), fit.parameters[row.run]!),
          fit,
        }));
    });
}

/** The strength with the least mean left-out error on the networks that are not left out altogether. */
export function chooseStrength(data: BoardRows, without: readonly string[] = []): FitStrength {
  const scored = strengths.map((strength) => {
    const rows = leaveOneNetworkOut(data, () => strength, without);
    const sum = rows.reduce((total, row) => total + Math.abs(row.predicted / row.seconds - 1), 0);
    return { strength, error: sum / rows.length };
  });
  return scored.reduce((best, next) => (next.error < best.error ? next : best)).strength;
}

/** @throws NonnError if the table does not say what a network does. */
export function kernelsOf(table: BoardTable, network: string): readonly TableKernel[] {
  const kernels = table.networks[network];
  if (kernels === undefined)
    throw new NonnError(`board table: networks: found no "${network}", expected its kernels`);
  return kernels;
}
