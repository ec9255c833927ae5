import { formatShare, hashData } from '../foundation/index.js';
import type { Network } from '../network/index.js';
import type { Scenario, TrainedDesign } from '../scenario/index.js';
import type { Row } from './row.js';

type AccuracyFields = Pick<
  Row,
  'accuracy' | 'accuracySource' | 'accuracySpread' | 'accuracySeeds' | 'recordHash'
>;

/**
 * What is known of a design's accuracy: the mean over the seeds that exactly this design was trained under. Nothing is
 * guessed: another width, another partition or rounded weights are another design.
 * @param int8 whether a device that it uses computes in int8.
 */
export function accuracyFields(
  { trained: records }: Scenario,
  network: Network,
  trained: TrainedDesign | null,
  int8: boolean,
): AccuracyFields {
  // Without records rows have no more columns than they ever had.
  if (records === null) return { accuracy: null, accuracySource: 'not trained' };
  const none = { accuracy: null, accuracySpread: null, accuracySeeds: 0, recordHash: '' };
  if (trained === null) return { ...none, accuracySource: 'not trained' };
  if (int8 || network.dtype === 'int8') return { ...none, accuracySource: 'not measured in int8' };
  const { stage, runs } = trained;
  const accuracies = runs.map(({ record }) => record.accuracy);
  const mean = accuracies.reduce((sum, one) => sum + one, 0) / accuracies.length;
  return {
    accuracy: mean,
    accuracySource: sourceOf(trained),
    accuracySpread: deviation(accuracies, mean),
    accuracySeeds: runs.length,
    recordHash: hashData([stage.data.hash, runs.map(({ record }) => [record.hashes, record.accuracy])]),
  };
}

/** What a budget of accuracy says against a design, in words. */
export function accuracyViolation(
  { budgets: { minAccuracy } }: Scenario,
  accuracy: number | null,
): readonly string[] {
  if (minAccuracy === undefined) return [];
  const floor = formatShare(minAccuracy, 2);
  if (accuracy === null) return [`accuracy is unknown, its budget is at least ${floor}`];
  return accuracy < minAccuracy
    ? [
        `accuracy by ${formatShare(minAccuracy - accuracy, 2)} (${formatShare(accuracy, 2)} of at least ${floor})`,
      ]
    : [];
}

/** `mnist/teacher, seeds 1, 2, 3, on 1996 test images of mnist`. */
function sourceOf({ stage, runs }: TrainedDesign): string {
  const { experiment, stage: id, data, members } = stage;
  const seeds = runs.map(({ record }) => record.seed);
  const others = members.length - runs.length;
  const words = `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`;
  // Each seed's teacher has filters of its own, so one partition is that of one seed.
  const apart = others === 0 ? '' : ` of ${members.length} (the others have another partition)`;
  return `${experiment}/${id}, ${words}${apart}, on ${data.test} test images of ${data.name}`;
}

/** Of a sample; null of a single run. */
function deviation(values: readonly number[], mean: number): number | null {
  if (values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
