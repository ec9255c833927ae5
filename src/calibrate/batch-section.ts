import { tablesOf } from '../device/index.js';
import { formatShare } from '../foundation/index.js';
import type { BatchFit } from './batch-fit.js';
import { type BatchSample, batchSizes, type NetworkBatchSample } from './measure-batches.js';

/** What was measured of batches, and what was fitted to that. */
export interface BatchFindings {
  readonly samples: readonly BatchSample[];
  readonly networks: readonly NetworkBatchSample[];
  readonly fit: BatchFit;
}

/** The section `latency.batch` of a profile, for one number of threads. */
export function batchSectionOf<Source extends object>(
  { samples, networks, fit }: BatchFindings,
  measured: Source,
) {
  const { families, network } = fit;
  const errors = [...families.values()].map(({ leftOut }) => leftOut);
  const count = errors.reduce((sum, one) => sum + one.count, 0);
  const meanOf = (name: 'mean' | 'proportional') =>
    formatShare(errors.reduce((sum, one) => sum + (one.count * one[name]) / count, 0));
  const ofNetworks =
    network === undefined
      ? 'too few whole networks were measured'
      : `whole networks left out by ${formatShare(network.leftOut.mean)} (${formatShare(network.leftOut.proportional)})`;
  return {
    sizes: batchSizes,
    families: Object.fromEntries(families),
    ...(network === undefined ? {} : { network }),
    tables: tablesOf(samples.map(({ kernel, seconds }) => ({ ...kernel, times: seconds }))),
    networks: networks.map(({ index, seconds }) =>
      [index, ...seconds.map((one) => Number(one.toPrecision(DIGITS)))].join(' '),
    ),
    ...measured,
    samples: samples.length,
    note: `each batch in turns with one image; kernels left out are predicted with a mean error of ${meanOf('mean')} (the batch times one image: ${meanOf('proportional')}), ${ofNetworks}`,
  };
}

/** More than any measurement has. */
const DIGITS = 4;
