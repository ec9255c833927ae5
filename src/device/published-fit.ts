import { fitJointly, type JointFit, type JointProblem } from './joint-fit.js';

/** A published latency: which run, which network, how many seconds. */
export interface PublishedLatency {
  readonly run: number;
  readonly network: string;
  readonly seconds: number;
}

/** A model of latencies with parameters above zero; `middle` and `covariance` are of their logarithms. */
export interface PublishedModel extends Pick<JointProblem, 'middle' | 'covariance' | 'noise'> {
  /** Seconds of a network; adds its derivative by the logarithm of each parameter to `slopes`. */
  seconds(network: string, parameters: Float64Array, slopes?: Float64Array): number;
}

/**
 * Fits the parameters of all runs at once to the logarithms of their latencies.
 * @returns the parameters themselves, not their logarithms.
 */
export function fitPublished(
  rows: readonly PublishedLatency[],
  { seconds, ...prior }: PublishedModel,
  start?: JointFit,
): JointFit {
  const parameters = new Float64Array(prior.middle[0]!.length);
  const fit = fitJointly(
    {
      measured: rows.map((row) => Math.log(row.seconds)),
      group: rows.map((row) => row.run),
      item: rows.map((row) => row.network),
      predict(row, logarithms, slopes) {
        for (const [index, value] of logarithms.entries()) parameters[index] = Math.exp(value);
        const predicted = seconds(rows[row]!.network, parameters, slopes);
        if (slopes !== undefined)
          for (let index = 0; index < slopes.length; index++) slopes[index]! /= predicted;
        return Math.log(predicted);
      },
      ...prior,
    },
    start,
  );
  return { ...fit, parameters: fit.parameters.map((of) => of.map(Math.exp)) };
}
