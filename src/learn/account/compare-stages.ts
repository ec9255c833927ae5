import { join } from 'node:path';
import { readBytes } from '../../foundation/index.js';
import { PREDICTIONS_FILE, type TrainedStage } from '../../scenario/index.js';
import { type PairedDifference, pairedBootstrap } from './paired-bootstrap.js';

/** How much more often one stage is right than another, over the seeds that both were trained under. */
export interface StageComparison extends PairedDifference {
  readonly stage: string;
  readonly other: string;
  readonly seeds: readonly number[];
}

/** Compares each NoNN with every other stage of the same data, image by image. */
export function compareStages(
  stages: readonly TrainedStage[],
  labels: Uint8Array,
  options: { readonly resamples?: number; readonly seed?: number } = {},
): readonly StageComparison[] {
  const nonns = stages.filter(({ members }) => members[0]!.record.kind === 'nonn');
  return nonns.flatMap((stage) =>
    stages.flatMap((other): StageComparison[] => {
      const seeds = seedsOf(stage).filter((seed) => seedsOf(other).includes(seed));
      // Two NoNNs are compared once.
      const isDone = nonns.includes(other) && stages.indexOf(other) <= stages.indexOf(stage);
      if (seeds.length === 0 || isDone) return [];
      const difference = pairedBootstrap(
        rightness(stage, seeds, labels),
        rightness(other, seeds, labels),
        options,
      );
      return [{ stage: nameOf(stage), other: nameOf(other), seeds, ...difference }];
    }),
  );
}

function nameOf({ experiment, stage }: TrainedStage): string {
  return `${experiment}/${stage}`;
}

function seedsOf({ members }: TrainedStage): readonly number[] {
  return members.map(({ record }) => record.seed);
}

/** For each image the share of seeds under which its class was predicted. */
function rightness({ members }: TrainedStage, seeds: readonly number[], labels: Uint8Array): Float64Array {
  const right = new Float64Array(labels.length);
  for (const { folder, record } of members) {
    if (!seeds.includes(record.seed)) continue;
    const predicted = readBytes(join(folder, PREDICTIONS_FILE));
    labels.forEach((label, image) => {
      if (predicted[image] === label) right[image]! += 1 / seeds.length;
    });
  }
  return right;
}
