import { NonnError } from '../foundation/index.js';
import { type LatencyFamily, latencyFamilies } from './family.js';
import { errorsOf, median, rounded, spanOf } from './fit-errors.js';
import {
  fitMicrocontrollers,
  leaveNetworksOut,
  microcontrollerRows,
  type PredictedRow,
} from './microcontroller-fit.js';
import { familyOf, microcontrollerSeconds } from './microcontroller-model.js';
import type { MicrocontrollerRun, MicrocontrollerTable } from './microcontroller-table.js';
import type { FamilyBase, LatencyFit } from './profile.js';
import type { Known } from './sourced.js';

/** The fit of all runs of a table, and the fits that left networks out. */
export interface MicrocontrollerFits {
  readonly table: MicrocontrollerTable;
  readonly parameters: readonly Float64Array[];
  readonly everywhere: readonly PredictedRow[];
  readonly ownBoard: readonly PredictedRow[];
}

/** What a profile of one run gets of the table. */
export interface MicrocontrollerFigures {
  readonly base: Partial<Record<LatencyFamily, FamilyBase>>;
  readonly fit: LatencyFit;
  /** Bytes a second of copying: that of the family `move`. */
  readonly copying: Known;
  /** Watts while computing; null where the run has no energies. */
  readonly power: Known | null;
}

/** Fits a table once for all its profiles. */
export function fitMicrocontrollerTable(table: MicrocontrollerTable): MicrocontrollerFits {
  return {
    table,
    parameters: fitMicrocontrollers(table, microcontrollerRows(table)).parameters,
    everywhere: leaveNetworksOut(table, 'everywhere'),
    ownBoard: leaveNetworksOut(table, 'own board'),
  };
}

/**
 * The figures of one run of the table.
 * @throws NonnError if the table has no such run.
 */
export function microcontrollerFigures(fits: MicrocontrollerFits, id: string): MicrocontrollerFigures {
  const { table, everywhere, ownBoard } = fits;
  const run = table.runs.findIndex((entry) => entry.id === id);
  if (run < 0)
    throw new NonnError(
      `microcontroller table: runs: found no "${id}", expected one of ${table.runs.map((entry) => entry.id).join(', ')}`,
    );
  const entry = table.runs[run]!;
  const parameters = fits.parameters[run]!;
  const samples = Object.keys(entry.milliseconds).length;
  const citation = `${table.citation}: ${entry.source}`;
  const from = { source: 'derived' as const, citation, date: table.date, samples };
  const ofRun = (rows: readonly PredictedRow[]) => rows.filter((row) => row.run === run);
  const measured = microcontrollerRows(table).filter((row) => row.run === run);
  const base = baseOf(table, networksOf(table, entry.software), parameters, from);
  const here = errorsOf(ratiosOf(ofRun(ownBoard)));
  return {
    base,
    fit: {
      method: method(table),
      leftOut: errorsOf(ratiosOf(ofRun(everywhere))),
      fitted: errorsOf(
        measured.map((row) => microcontrollerSeconds(table.networks[row.network]!, parameters) / row.seconds),
      ),
      rows: ofRun(everywhere).map(({ network, seconds, predicted }) => ({
        name: network,
        measured: rounded(seconds),
        predicted: rounded(predicted),
        error: rounded(predicted / seconds - 1),
      })),
      ...from,
      note: `rows: each network predicted by a fit that knows it of no board; left out of this board alone the mean error is ${(100 * here.mean).toFixed(1)} %`,
    },
    copying: {
      ...(base.move!.bandwidth as Known),
      note: 'that of the family move: nobody measured copies by themselves',
    },
    power: powerOf(entry, from),
  };
}

function method({ runs, networks }: MicrocontrollerTable): string {
  return `max(shape factor x flops / rate, bytes / bandwidth) + overhead a family, least squares of log errors to the latencies of ${Object.keys(networks).length} networks in int8, all ${runs.length} runs at once with a Gaussian prior that ties core designs, makers and generations of software together; one network left out at a time, on all boards`;
}

/** Networks that runs of the same software had: those of other boards decide the parameters of this one, too. */
function networksOf({ runs }: MicrocontrollerTable, software: string): readonly string[] {
  const alike = runs.filter((run) => run.software === software);
  return [...new Set(alike.flatMap(({ milliseconds }) => Object.keys(milliseconds)))].sort();
}

type From = Pick<Known, 'source' | 'citation' | 'date' | 'samples'>;

function baseOf(
  { networks }: MicrocontrollerTable,
  known: readonly string[],
  parameters: Float64Array,
  from: From,
): Partial<Record<LatencyFamily, FamilyBase>> {
  const kernels = known.flatMap((network) => networks[network]!);
  const figure = (value: number) => ({ value: rounded(value), ...from });
  const entries = latencyFamilies.flatMap((family) => {
    // Copies stand in no network by themselves; what is said of elementwise kernels holds for them.
    const like = family === 'move' ? 'elementwise' : family;
    const seen = kernels.filter((kernel) => kernel.family === like);
    if (seen.length === 0) return [];
    const { rate, bandwidth, overhead, shape } = familyOf(parameters, family);
    const base: FamilyBase = {
      rate: figure(rate),
      bandwidth: figure(bandwidth),
      overhead: figure(overhead),
      ...(shape === undefined
        ? {}
        : {
            shape: {
              pixels: 0,
              edge: 0,
              outputs: rounded(shape.outputs),
              depth: rounded(shape.depth),
              groupOverhead: 0,
              ...(shape.row === undefined ? {} : { row: rounded(shape.row) }),
              ...from,
            },
          }),
      range: {
        flops: spanOf(seen.map(({ flops }) => flops)),
        bytes: spanOf(seen.map(({ bytes }) => bytes)),
        ...from,
      },
    };
    return [[family, base] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * Energy an inference over the latency of the run that was timed, so that power times latency is the energy again, whatever
 * clock and supply the energy run had.
 */
function powerOf({ milliseconds, microjoules, energyRate }: MicrocontrollerRun, from: From): Known | null {
  const powers = Object.entries(microjoules ?? {}).flatMap(([network, energy]) => {
    const latency = milliseconds[network];
    return latency === undefined ? [] : [rounded((energy * 1e-6) / (latency * 1e-3))];
  });
  if (powers.length === 0) return null;
  const ratios = Object.values(energyRate ?? {}).map(([energyRun, timed]) => energyRun / timed);
  const clock =
    ratios.length === 0
      ? 'the speed of the energy run was not published'
      : `the energy run had ${percent(Math.min(...ratios))} to ${percent(Math.max(...ratios))} of the speed of the run that was timed`;
  return {
    value: rounded(median(powers)),
    ...from,
    samples: powers.length,
    interval: [Math.min(...powers), Math.max(...powers)],
    note: `median over networks of energy an inference / latency; ${clock}`,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function ratiosOf(rows: readonly PredictedRow[]): readonly number[] {
  return rows.map(({ predicted, seconds }) => predicted / seconds);
}
