import type { JointFit } from './joint-fit.js';
import {
  type MicrocontrollerParameter,
  microcontrollerParameters,
  microcontrollerSeconds,
} from './microcontroller-model.js';
import type { MicrocontrollerRun, MicrocontrollerTable } from './microcontroller-table.js';
import { fitPublished, type PublishedLatency } from './published-fit.js';

/**
 * What is known of a parameter before any latency: its middle, and how far (one standard deviation of its logarithm) it
 * may lie away from that, in five parts: what all runs have in common, what cores of one design have, what one maker's
 * software has, what one generation of it has, and what a run has for itself.
 */
interface Prior {
  readonly middle: number;
  readonly spread: readonly [all: number, core: number, maker: number, software: number, run: number];
}

/**
 * Rough middles. A FLOP of a 3x3 convolution counts as one. Kernels with a window on each channel by itself cannot use the
 * multiply-add of two pairs (SMLAD). A dense layer reads each weight out of flash for one multiply-add. A call takes some
 * hundred to a few thousand cycles.
 */
const priors: Readonly<Record<MicrocontrollerParameter, Prior>> = {
  speed: { middle: 1e-8, spread: [0, 0, 0, 0, 3] },
  'work conv1x1': { middle: 0.8, spread: [0.2, 0.1, 0.1, 0.2, 0.05] },
  'work depthwise': { middle: 6, spread: [0.5, 0.2, 0.3, 0.6, 0.1] },
  'bytes dense': { middle: 4, spread: [0.4, 0.3, 0.2, 0.4, 0.2] },
  bytes: { middle: 4, spread: [0.5, 0.1, 0.2, 0.4, 0.1] },
  overhead: { middle: 4000, spread: [1, 0.1, 0.5, 0.6, 0.1] },
  depth: { middle: 10, spread: [0.5, 0.1, 0.2, 0.4, 0.1] },
  outputs: { middle: 1, spread: [0.5, 0.1, 0.2, 0.4, 0.1] },
  row: { middle: 10, spread: [0.7, 0.1, 0.3, 0.8, 0.1] },
};

/** Error of one latency, and the error that all runs share about one network, as fractions. */
const NOISE = { row: 0.03, item: 0.01 };

/** A row that was predicted by a fit without it. */
export interface PredictedRow extends PublishedLatency {
  readonly predicted: number;
}

/** All latencies of a table. */
export function microcontrollerRows({ runs }: MicrocontrollerTable): readonly PublishedLatency[] {
  return runs.flatMap(({ milliseconds }, run) =>
    Object.entries(milliseconds).map(([network, value]) => ({ run, network, seconds: value / 1e3 })),
  );
}

/** The parameters of every run of a table, fitted at once to the rows that are used. */
export function fitMicrocontrollers(
  { networks, runs }: MicrocontrollerTable,
  used: readonly PublishedLatency[],
  start?: JointFit,
): JointFit {
  return fitPublished(
    used,
    {
      seconds: (network, parameters, slopes) =>
        microcontrollerSeconds(networks[network]!, parameters, slopes),
      middle: runs.map((_, run) => middleOf(networks, used, run)),
      covariance: covarianceOf(runs),
      noise: NOISE,
    },
    start,
  );
}

/**
 * Every row predicted by a fit that does not know it: without its network on any board (`everywhere`), or without its
 * network on its own board only, whoever's software ran there (`own board`). A run whose only row that is has no answer.
 */
export function leaveNetworksOut(
  table: MicrocontrollerTable,
  without: 'everywhere' | 'own board',
): readonly PredictedRow[] {
  const rows = microcontrollerRows(table);
  const whole = fitMicrocontrollers(table, rows);
  const boardOf = ({ run }: PublishedLatency) => table.runs[run]!.board;
  const boards = without === 'everywhere' ? [null] : [...new Set(table.runs.map(({ board }) => board))];
  return boards.flatMap((board) =>
    Object.keys(table.networks).flatMap((network) => {
      const isOut = (row: PublishedLatency) =>
        row.network === network && (board === null || boardOf(row) === board);
      const used = rows.filter((row) => !isOut(row));
      const out = rows.filter((row) => isOut(row) && used.some(({ run }) => run === row.run));
      if (out.length === 0) return [];
      const { parameters } = fitMicrocontrollers(table, used, whole);
      return out.map((row) => ({
        ...row,
        predicted: microcontrollerSeconds(table.networks[network]!, parameters[row.run]!),
      }));
    }),
  );
}

/** Logarithms of the priors' middles; the speed starts where a run's mean latency is right, so that steps are small. */
function middleOf(
  networks: MicrocontrollerTable['networks'],
  used: readonly PublishedLatency[],
  run: number,
): Float64Array {
  const middle = Float64Array.from(microcontrollerParameters, (name) => Math.log(priors[name].middle));
  const at = middle.map(Math.exp);
  const wrong = used
    .filter((row) => row.run === run)
    .map((row) => Math.log(row.seconds / microcontrollerSeconds(networks[row.network]!, at)));
  middle[0]! += wrong.length === 0 ? 0 : wrong.reduce((a, b) => a + b, 0) / wrong.length;
  return middle;
}

/** How the logarithms of a parameter vary together over runs: [parameter][run][run]. */
function covarianceOf(runs: readonly MicrocontrollerRun[]): readonly (readonly Float64Array[])[] {
  return microcontrollerParameters.map((name) => {
    const [all, core, maker, software, run] = priors[name].spread;
    return runs.map((a, i) =>
      Float64Array.from(
        runs,
        (b, j) =>
          all ** 2 +
          (a.core === b.core ? core ** 2 : 0) +
          (a.maker === b.maker ? maker ** 2 : 0) +
          (a.software === b.software ? software ** 2 : 0) +
          (i === j ? run ** 2 : 0),
      ),
    );
  });
}
