import { NonnError } from '../foundation/index.js';
import {
  type BoardRows,
  type BoardsFit,
  chosenStrength,
  fitBoards,
  kernelsOf,
  type LeftOutRow,
  leaveOneNetworkOut,
} from './board-fit.js';
import {
  type BoardParameters,
  CACHED,
  effectOf,
  isComputing,
  networkSeconds,
  type ParameterName,
  parameterOf,
} from './board-model.js';
import { type LatencyFamily, latencyFamilies } from './family.js';
import { errorsOf, median, rounded, spanOf } from './fit-errors.js';
import type { FamilyBase, LatencyFit } from './profile.js';

/** Latency parameters of one board with one number of threads, and how good they are. */
export interface BoardLatency {
  readonly base: Partial<Record<LatencyFamily, FamilyBase>>;
  readonly fit: LatencyFit;
}

/** The fit of all runs of a table, and the fits that left one network out. */
export interface BoardFits {
  readonly data: BoardRows;
  readonly whole: BoardsFit;
  readonly leftOut: readonly (LeftOutRow & { readonly fit: BoardsFit })[];
}

/** Fits a table once for all its profiles. */
export function fitTable(data: BoardRows): BoardFits {
  return {
    data,
    whole: fitBoards(data, chosenStrength),
    leftOut: leaveOneNetworkOut(data, () => chosenStrength),
  };
}

/**
 * The latency section of a profile for one run of the table.
 * @param powersave ncnn's power save mode of the run: 0 all cores, 1 the little ones, 2 the big ones.
 * @throws NonnError if the table has no such board or run.
 */
export function boardLatency(
  fits: BoardFits,
  board: string,
  powersave: number,
  threads: number,
): BoardLatency {
  const { data, whole, leftOut } = fits;
  const own = data.runs.filter((run) => run.name === board && run.powersave === powersave);
  const run = data.runs.findIndex((entry) => own.includes(entry) && entry.threads === threads);
  if (run < 0)
    throw new NonnError(
      `board table: found no run of "${board}" with ${threads} threads, expected ${own.length === 0 ? 'a board of the table' : `one of ${own.map((entry) => entry.threads).join(', ')}`}`,
    );
  const { table } = data;
  const rows = leftOut.filter((row) => row.run === run);
  const measured = data.rows.filter((row) => row.run === run);
  const parameters = whole.parameters[run]!;
  const noise = Object.values(data.runs[run]!.milliseconds).map(([least, mean]) => mean / least - 1);
  const from = {
    source: 'derived' as const,
    citation: table.citation,
    date: table.date,
    samples: measured.length,
  };
  return {
    base: baseOf(
      data,
      measured.map((row) => row.network),
      parameters,
      rows.map((row) => row.fit.parameters[run]!),
      from,
    ),
    fit: {
      method: method(data),
      leftOut: errorsOf(rows.map((row) => row.predicted / row.seconds)),
      fitted: errorsOf(
        measured.map((row) => networkSeconds(kernelsOf(table, row.network), parameters) / row.seconds),
      ),
      noiseFloor: rounded(median(noise)),
      rows: rows.map((row) => ({
        name: row.network,
        measured: rounded(row.seconds),
        predicted: rounded(row.predicted),
        error: rounded(row.predicted / row.seconds - 1),
      })),
      ...from,
      note: 'rows: each network predicted by a fit without it; noiseFloor: median of mean / minimum - 1 over the loops of a run',
    },
  };
}

function method({ runs, table }: BoardRows): string {
  const { row, network, scale } = chosenStrength;
  return `max(shape factor x flops / rate, bytes / bandwidth) + overhead a family, least squares of log errors to the minimum latencies of whole networks, all ${runs.length} runs of ${table.boards.length} boards at once with a Gaussian prior that ties boards, core designs and numbers of threads together (noise ${row} a latency and ${network} a network, scale ${scale}, by cross-validation); one network left out at a time, on all boards`;
}

type From = Pick<LatencyFit, 'source' | 'citation' | 'date' | 'samples'>;

/** The parameters as a profile states them; intervals span the fits that left one network out. */
function baseOf(
  { table }: BoardRows,
  networks: readonly string[],
  parameters: BoardParameters,
  leftOut: readonly BoardParameters[],
  from: From,
): Partial<Record<LatencyFamily, FamilyBase>> {
  const figure = (of: (parameters: BoardParameters) => number, note?: string) => {
    const around = [parameters, ...leftOut].map(of);
    return {
      value: rounded(of(parameters)),
      ...from,
      interval: [rounded(Math.min(...around)), rounded(Math.max(...around))] as [number, number],
      ...(note === undefined ? {} : { note }),
    };
  };
  const inverse =
    (name: ParameterName, times = 1) =>
    (of: BoardParameters) =>
      times / (parameterOf(of, 'speed') * parameterOf(of, name));
  const kernels = networks.flatMap((network) => kernelsOf(table, network));
  const entries = latencyFamilies.map((family) => {
    const own = kernels.filter((kernel) => kernel.family === family);
    const like = isComputing(family)
      ? {
          rate: figure(inverse(`work ${family}`)),
          bandwidth: figure(inverse('bytes', CACHED), `${CACHED} times that of elementwise`),
        }
      : {
          rate: figure(inverse('work conv1x1'), 'that of conv1x1: bytes limit these kernels'),
          bandwidth:
            family === 'dense'
              ? figure(inverse('bytes dense'))
              : figure(inverse('bytes'), 'fitted together: elementwise, pool, move'),
        };
    const base: FamilyBase = {
      ...like,
      overhead: figure((of) => parameterOf(of, 'overhead'), 'the same in all families'),
      ...(family === 'elementwise'
        ? { transcendental: figure((of) => parameterOf(of, 'speed') * parameterOf(of, 'transcendental')) }
        : {}),
      ...(isComputing(family) ? { shape: shapeOf(parameters, family, from) } : {}),
      range: {
        flops: spanOf(own.map((kernel) => kernel.flops)),
        bytes: spanOf(own.map((kernel) => kernel.bytes)),
        ...from,
      },
    };
    return [family, base] as const;
  });
  return Object.fromEntries(entries);
}

function shapeOf(
  parameters: BoardParameters,
  family: Parameters<typeof effectOf>[1],
  from: From,
): FamilyBase['shape'] {
  const { pixels, edge, outputs, depth } = effectOf(parameters, family);
  return {
    pixels: rounded(pixels),
    edge: rounded(edge),
    outputs: rounded(outputs),
    depth: rounded(depth),
    groupOverhead: rounded(parameterOf(parameters, 'groupOverhead')),
    ...from,
  };
}
