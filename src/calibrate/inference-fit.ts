import { nonNegativeLeastSquares } from '../device/index.js';

/** A whole network that was measured, beside the sum of what its kernels take by themselves. Seconds. */
export interface WholeNetworkTimes {
  readonly kernels: number;
  readonly kernelSeconds: number;
  readonly weightBytes: number;
  readonly seconds: number;
  readonly cold: number;
}

/** What a whole inference takes beside its kernels; see `latency.inference` of a profile. */
export interface InferenceFit {
  readonly factor: number;
  readonly perKernel: number;
  readonly perInference: number;
  readonly cold: { readonly perKernel: number; readonly perWeightByte: number };
  /** Errors of the networks by fits without them, as fractions, each with its sign. */
  readonly leftOut: readonly number[];
}

/** Kernels in a row cannot take much less than each by itself. */
const LEAST_FACTOR = 0.9;
/** A factor of one is what to expect where there are few networks; the expectation weighs as one of them. */
const EXPECTED_FACTOR = 1;

/**
 * seconds = factor * sum of kernels + perKernel * kernels + perInference, with the least sum of squared relative errors,
 * and nothing below zero; what the first inference takes on top likewise.
 */
export function fitInference(networks: readonly WholeNetworkTimes[]): InferenceFit {
  const warm = fitWarm(networks);
  const [perKernel, perWeightByte] = nonNegativeLeastSquares(
    networks.map(({ kernels, weightBytes, cold }) => [kernels / cold, weightBytes / cold]),
    networks.map(({ cold, seconds }) => Math.max(0, cold - seconds) / cold),
  );
  return {
    ...warm,
    cold: { perKernel: perKernel ?? 0, perWeightByte: perWeightByte ?? 0 },
    leftOut: networks.map((network, left) => {
      const fit = fitWarm(networks.filter((_, index) => index !== left));
      return inferenceSeconds(fit, network) / network.seconds - 1;
    }),
  };
}

/** Seconds of an inference whose kernels take so many by themselves. */
export function inferenceSeconds(
  { factor, perKernel, perInference }: Pick<InferenceFit, 'factor' | 'perKernel' | 'perInference'>,
  { kernels, kernelSeconds }: Pick<WholeNetworkTimes, 'kernels' | 'kernelSeconds'>,
): number {
  return factor * kernelSeconds + perKernel * kernels + perInference;
}

function fitWarm(
  networks: readonly WholeNetworkTimes[],
): Pick<InferenceFit, 'factor' | 'perKernel' | 'perInference'> {
  const rows = networks.map(({ kernels, kernelSeconds, seconds }) => [
    kernelSeconds / seconds,
    kernels / seconds / 1e6,
    1 / seconds / 1e6,
  ]);
  const wanted = networks.map(({ kernelSeconds, seconds }) => 1 - (LEAST_FACTOR * kernelSeconds) / seconds);
  rows.push([1, 0, 0]);
  wanted.push(EXPECTED_FACTOR - LEAST_FACTOR);
  const [above, perKernel, perInference] = nonNegativeLeastSquares(rows, wanted);
  return { factor: LEAST_FACTOR + above!, perKernel: perKernel! / 1e6, perInference: perInference! / 1e6 };
}
