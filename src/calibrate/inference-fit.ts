import { quantile } from 'simple-statistics';
import {
  type CacheBounds,
  movedBytes,
  nonNegativeLeastSquares,
  type Refilling,
  refilledBytes,
} from '../device/index.js';

/** A whole network that was measured, beside the sum of what its kernels take by themselves. Seconds. */
export interface WholeNetworkTimes {
  readonly kernels: readonly Refilling[];
  readonly kernelSeconds: number;
  readonly weightBytes: number;
  readonly seconds: number;
  readonly cold: number;
}

/** What a whole inference takes beside its kernels; see `latency.inference` of a profile. */
export interface InferenceFit extends WarmFit {
  readonly cold: { readonly perKernel: number; readonly perWeightByte: number };
  /** Seconds for a byte of weights brought in again, as single networks tell it: a tenth of them less, a tenth more. */
  readonly refillInterval?: readonly [low: number, high: number];
  /** Errors of the networks by fits without them, as fractions, each with its sign. */
  readonly leftOut: readonly number[];
}

/** What an inference takes beside its kernels once weights are packed; without `refill` where too few networks tell. */
export interface WarmFit {
  readonly factor: number;
  readonly perKernel: number;
  readonly perInference: number;
  readonly refill?: CacheBounds & { readonly perWeightByte: number };
}

/** Kernels in a row cannot take much less than each by itself. */
const LEAST_FACTOR = 0.9;
/** A factor of one is what to expect where there are few networks; the expectation weighs as one of them. */
const EXPECTED_FACTOR = 1;
/** That nothing is brought in again is expected too, with this weight. */
const EXPECTED_NO_REFILL = 0.3;
/** Networks that have to bring weights in again before that can be told from all else. */
const FEWEST_REFILLING = 4;
/** Bytes between which caches may end: from a second level of one core to a large third one. */
const FROM = [1, 2, 3, 4, 6, 8, 12, 16].map((megabytes) => megabytes * 1e6);
const UNTIL = [2, 4, 8, 10, 12, 16, 24, 32, 48].map((megabytes) => megabytes * 1e6);
/** An error that halves a network's weight, about, so that those that others disturbed do not bend the fit. */
const FAR_OFF = 0.05;
const ROUNDS = 6;

/**
 * seconds = factor * sum of kernels + perKernel * kernels + perInference + perWeightByte * weights brought in again, with
 * the least sum of squared relative errors, those that are far off counting less, and nothing below zero; what the first
 * inference takes on top likewise.
 */
export function fitInference(networks: readonly WholeNetworkTimes[]): InferenceFit {
  const warm = fitWarm(networks);
  const [perKernel, perWeightByte] = nonNegativeLeastSquares(
    networks.map(({ kernels, weightBytes, cold }) => [kernels.length / cold, weightBytes / cold]),
    networks.map(({ cold, seconds }) => Math.max(0, cold - seconds) / cold),
  );
  return {
    ...warm,
    ...refillIntervalOf(warm, networks),
    cold: { perKernel: perKernel ?? 0, perWeightByte: perWeightByte ?? 0 },
    leftOut: networks.map((network, left) => {
      const fit = fitWarm(networks.filter((_, index) => index !== left));
      return inferenceSeconds(fit, network) / network.seconds - 1;
    }),
  };
}

/** Seconds of an inference whose kernels take so many by themselves. */
export function inferenceSeconds(
  { factor, perKernel, perInference, refill }: WarmFit,
  network: Pick<WholeNetworkTimes, 'kernels' | 'kernelSeconds'>,
): number {
  const again = refill === undefined ? 0 : refill.perWeightByte * refilled(refill, network);
  return factor * network.kernelSeconds + perKernel * network.kernels.length + perInference + again;
}

/** Share of its time that a network brings weights in, for that to be told from the errors of its kernels. */
const TELLING_SHARE = 0.1;
const FEWEST_TELLING = 3;

/** Others use the last cache too, so that the same network brings in more at one time than at another. */
function refillIntervalOf(
  warm: WarmFit,
  networks: readonly WholeNetworkTimes[],
): Pick<InferenceFit, 'refillInterval'> {
  const { refill, ...rest } = warm;
  if (refill === undefined) return {};
  const told = networks.flatMap((network) => {
    const bytes = refilled(refill, network);
    if (refill.perWeightByte * bytes < TELLING_SHARE * network.seconds) return [];
    return [Math.max(0, network.seconds - inferenceSeconds(rest, network)) / bytes];
  });
  if (told.length < FEWEST_TELLING) return {};
  const [low, high] = [quantile(told, 0.1), quantile(told, 0.9)];
  return {
    refillInterval: [Math.min(low, refill.perWeightByte), Math.max(high, refill.perWeightByte)],
  };
}

/** The bounds of the caches are those that leave the smallest errors; none where the networks do not ask for any. */
function fitWarm(networks: readonly WholeNetworkTimes[]): WarmFit {
  let best = fitWithin(networks, undefined);
  for (const from of FROM)
    for (const until of UNTIL) {
      if (until <= from) continue;
      const bounds = { from, until };
      const amounts = networks.map((network) => refilled(bounds, network));
      if (amounts.filter((bytes) => bytes > 0).length < FEWEST_REFILLING) continue;
      const found = fitWithin(networks, { bounds, amounts });
      if (found.loss < best.loss) best = found;
    }
  return best.fit;
}

function refilled(bounds: CacheBounds, { kernels }: Pick<WholeNetworkTimes, 'kernels'>): number {
  const moved = movedBytes(kernels);
  return kernels.reduce((sum, kernel) => sum + refilledBytes(bounds, kernel, moved), 0);
}

/** Units in which the columns are of a similar size: microseconds a call and an inference, and a byte of weights. */
const MICRO = 1e-6;
const PER_BYTE = 1e-10;

function fitWithin(
  networks: readonly WholeNetworkTimes[],
  refill: { readonly bounds: CacheBounds; readonly amounts: readonly number[] } | undefined,
): { readonly fit: WarmFit; readonly loss: number } {
  const amounts = refill?.amounts ?? networks.map(() => 0);
  const rows = networks.map(({ kernels, kernelSeconds, seconds }, index) => [
    kernelSeconds / seconds,
    (kernels.length * MICRO) / seconds,
    MICRO / seconds,
    (amounts[index]! * PER_BYTE) / seconds,
  ]);
  const wanted = networks.map(({ kernelSeconds, seconds }) => 1 - (LEAST_FACTOR * kernelSeconds) / seconds);
  const usual = rows.reduce((most, row) => Math.max(most, row[3]!), 0);
  const expected = [
    [1, 0, 0, 0],
    [0, 0, 0, EXPECTED_NO_REFILL * usual],
  ];
  let weights = networks.map(() => 1);
  let found: readonly number[] = [];
  let errors: readonly number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    found = nonNegativeLeastSquares(
      [...rows.map((row, index) => row.map((value) => value * weights[index]!)), ...expected],
      [...wanted.map((value, index) => value * weights[index]!), EXPECTED_FACTOR - LEAST_FACTOR, 0],
    );
    errors = rows.map((row, index) =>
      row.reduce((sum, value, column) => sum + value * found[column]!, -wanted[index]!),
    );
    weights = errors.map((error) => 1 / Math.sqrt(1 + (error / FAR_OFF) ** 2));
  }
  const [above, perKernel, perInference, perWeightByte] = found;
  return {
    fit: {
      factor: LEAST_FACTOR + above!,
      perKernel: perKernel! * MICRO,
      perInference: perInference! * MICRO,
      ...(refill === undefined || perWeightByte === 0
        ? {}
        : { refill: { ...refill.bounds, perWeightByte: perWeightByte! * PER_BYTE } }),
    },
    loss: errors.reduce((sum, error) => sum + Math.log1p((error / FAR_OFF) ** 2), 0),
  };
}
