import { join } from 'node:path';
import { complain, readBytes, sha256 } from '../foundation/index.js';
import { type Network, networkHash, withStoredWeights } from '../network/index.js';
import type { Partition } from '../partition/index.js';
import { isFile } from './place.js';
import type { TrainedNetwork, TrainedStage } from './trained-stages.js';
import { WEIGHTS_FILE } from './training-record.js';

/** Training runs of one design: the same network, and for a NoNN the same partition, under one seed or several. */
export interface TrainedDesign {
  readonly stage: TrainedStage;
  /** Runs that are exactly this design; of a NoNN usually one, since each seed's teacher has filters of its own. */
  readonly runs: readonly TrainedNetwork[];
}

/** Training runs that a scenario may look accuracies up in. */
export type TrainedRecords = readonly TrainedStage[];

/** What tells designs with the same layers apart. */
export interface Distinction {
  /** Of a NoNN; an assumed one was never trained. */
  readonly partition?: Partition | undefined;
  /** Hash of the file that the design's weights come from, if it has one. */
  readonly weights?: string | undefined;
}

/**
 * Looks up what is known of a network's training by the hash of its layers, in float32. Where several stages trained
 * the same network, the one of its weights is meant, or else the one that was best on validation images (never on those
 * of the test), and of equal ones the first.
 */
export function trainedDesign(
  records: TrainedRecords,
  network: Network,
  { partition, weights }: Distinction,
): TrainedDesign | null {
  if (partition?.assumed === true) return null;
  const hash = networkHash(inFloat32(network));
  const designs = records.flatMap((stage): TrainedDesign[] => {
    const same = stage.members.filter(
      ({ record, students }) =>
        record.hashes.network === hash &&
        (record.kind === 'nonn') === (partition !== undefined) &&
        (partition === undefined || samePartition(students, partition.students)),
    );
    const isMeant = weights === undefined || same.some(({ record }) => record.hashes.weights === weights);
    return same.length > 0 && isMeant ? [{ stage, runs: same }] : [];
  });
  const data = [...new Set(designs.map(({ stage }) => stage.data.hash))];
  if (data.length > 1) {
    const sets = designs.map(({ stage }) => `${stage.experiment}/${stage.stage} on ${stage.data.name}`);
    throw complain({
      path: 'accuracy',
      found: `records of ${network.id} on data sets that differ (${sets.join(', ')})`,
      expected: 'records of one data set, since their accuracies do not compare',
    });
  }
  return designs.reduce<TrainedDesign | null>(
    (best, design) => (best === null || validation(design) > validation(best) ? design : best),
    null,
  );
}

/** The network with the weights of the first of a design's runs, read when they are first wanted. */
export function withTrainedWeights(network: Network, { runs }: TrainedDesign): Network {
  const { folder } = runs[0]!;
  return withWeightsLater(network, join(folder, WEIGHTS_FILE));
}

/** The network with weights of a file that is read when they are first wanted: a sweep never wants them. */
export function withWeightsLater(network: Network, file: string): Network {
  let loaded: Network | undefined;
  return {
    ...network,
    weights: (layer) => {
      loaded ??= withStoredWeights(network, file);
      return loaded.weights!(layer);
    },
  };
}

/** Hash of a file of weights, as records have it. @throws NonnError if there is no such file. */
export function weightsHash(file: string): string {
  return sha256(readBytes(file)).slice(0, 16);
}

/** @throws NonnError if there is no such file. */
export function checkFile(file: string): void {
  if (isFile(file)) return;
  throw complain({ file, found: 'no such file', expected: 'a safetensors file' });
}

function inFloat32(network: Network): Network {
  return network.dtype === 'int8' ? { ...network, dtype: 'float32' } : network;
}

function samePartition(a: readonly (readonly number[])[] | null, b: readonly (readonly number[])[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function validation({ runs }: TrainedDesign): number {
  const known = runs.flatMap(({ record }) => (record.validation === null ? [] : [record.validation]));
  return known.length < runs.length ? -1 : known.reduce((sum, value) => sum + value, 0) / known.length;
}
