import { type ParameterName, parameterNames } from './board-model.js';

/** What tells runs apart that share parts of their parameters: a run is one board with one number of threads. */
export interface RunKind {
  /** The board, and which of its clusters of cores. */
  readonly board: string;
  /** The design of its cores: boards of one design behave alike. */
  readonly design: string;
  readonly threads: number;
}

/**
 * What is known of a parameter before any latency: its middle, and how far (one standard deviation of its logarithm)
 * it may lie away from that, in five parts: what all runs have in common, what runs of one thread (or of several) have,
 * what boards of one core design have, what a board has, and what a run has for itself.
 */
interface Prior {
  readonly middle: number | { readonly one: number; readonly several: number };
  readonly spread: readonly [all: number, threads: number, design: number, board: number, run: number];
}

const work = [0.1, 0.1, 0.1, 0.1, 0.1] as const;
const share = (all: number) => [all, 0.1, 0.1, 0.1, 0.05] as const;

/**
 * Rough middles, wide where it matters. A FLOP of a plain matrix product counts as one. Winograd's F(6,3) multiplies
 * 64 times for 324, of which transforms leave a factor of about three. Depthwise kernels read memory more often for each
 * FLOP. A float32 that is copied costs a few FLOP, and an exponential some tens of them. A call takes microseconds,
 * and starting threads takes more.
 */
const priors: Readonly<Record<ParameterName, Prior>> = {
  speed: { middle: 1e-10, spread: [0, 0, 0, 0, 3] },
  'work conv3x3': { middle: 0.3, spread: [0.3, 0.15, 0.15, 0.15, 0.1] },
  'work conv1x1': { middle: 0.8, spread: work },
  'work conv': { middle: 0.8, spread: [0.2, 0.1, 0.1, 0.1, 0.1] },
  'work depthwise3x3': { middle: 3, spread: [0.5, 0.15, 0.15, 0.15, 0.1] },
  'work depthwise': { middle: 3, spread: [0.5, 0.15, 0.15, 0.15, 0.1] },
  'bytes dense': { middle: 3, spread: [0.7, 0.5, 0.3, 0.8, 0.2] },
  bytes: { middle: 3, spread: [1, 0.3, 0.3, 0.3, 0.2] },
  transcendental: { middle: 30, spread: [0.7, 0.2, 0.2, 0.1, 0.1] },
  overhead: { middle: { one: 5e-6, several: 10e-6 }, spread: [1, 0.5, 0.2, 0.3, 0.3] },
  groupOverhead: { middle: { one: 3e-6, several: 6e-6 }, spread: [0.5, 0.5, 0.2, 0.3, 0.3] },
  'pixels conv3x3': { middle: 10, spread: share(1) },
  'outputs conv3x3': { middle: 8, spread: share(1) },
  'depth conv3x3': { middle: 30, spread: share(1) },
  'edge conv3x3': { middle: 1, spread: share(0.7) },
  'pixels conv1x1': { middle: 3, spread: share(0.5) },
  'outputs conv1x1': { middle: 3, spread: share(0.5) },
  'depth conv1x1': { middle: 3, spread: share(0.5) },
  'pixels conv': { middle: 4, spread: share(0.7) },
  'outputs conv': { middle: 4, spread: share(0.7) },
  'depth conv': { middle: 30, spread: share(0.7) },
  'pixels depthwise': { middle: 10, spread: share(0.7) },
  'outputs depthwise': { middle: 4, spread: share(0.7) },
};

/** Logarithms of the middles, in the order of `parameterNames`. */
export function priorMiddle({ threads }: RunKind): Float64Array {
  return Float64Array.from(parameterNames, (name) => {
    const { middle } = priors[name];
    return Math.log(typeof middle === 'number' ? middle : threads === 1 ? middle.one : middle.several);
  });
}

/** How the logarithms of a parameter vary together over runs: [parameter][run][run]. */
export function priorCovariance(
  runs: readonly RunKind[],
  scale: number,
): readonly (readonly Float64Array[])[] {
  return parameterNames.map((name) => {
    const [all, threads, design, board, run] = priors[name].spread;
    return runs.map((a, i) =>
      Float64Array.from(runs, (b, j) => {
        const own =
          (a.design === b.design ? design ** 2 : 0) +
          (a.board === b.board ? board ** 2 : 0) +
          (i === j ? run ** 2 : 0) +
          ((a.threads === 1) === (b.threads === 1) ? threads ** 2 : 0);
        return all ** 2 + (name === 'speed' ? own : own * scale ** 2);
      }),
    );
  });
}
