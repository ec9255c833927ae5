import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentText, sha256, writeAtomically } from '../../src/foundation/index.js';
import { countOf, type DataSet, type ImageSet, mnist, subset } from '../../src/learn/index.js';
import {
  accuracyOf,
  disposeTrainable,
  outputsOf,
  predictedClasses,
  trainable,
  weightsNow,
} from '../../src/learn/train/index.js';
import {
  costOf,
  type Network,
  networkHash,
  type StoredWeights,
  storeWeights,
  zooNetwork,
} from '../../src/network/index.js';
import { openBackend } from '../../src/runtime/index.js';
import type { StageRecord } from '../../src/scenario/index.js';
import { joinStudents } from '../../src/strategy/index.js';
import { temporaryFolder } from './folder.js';

/** A few digits: 300 to fit, 60 for validation, 240 for the test. */
export function fewDigits(): DataSet {
  const { train, validation, test } = mnist({ validation: 0.1 });
  const every = (count: number, step: number) => Array.from({ length: count }, (_, index) => index * step);
  return {
    name: 'few-digits',
    train: subset(train, every(300, 24)),
    validation: subset(validation!, every(60, 13)),
    test: subset(test, every(240, 8)),
  };
}

/** A folder as `nonn train` leaves it, with a teacher and a NoNN of two students, or two such, under each seed. */
export async function fittedFolder(
  seeds: readonly number[] = [1],
  { maps = false }: { readonly maps?: boolean } = {},
): Promise<string> {
  await openBackend('tfjs-wasm');
  const folder = temporaryFolder('trained');
  const data = fewDigits();
  for (const seed of seeds) writeSeed(folder, data, seed, maps);
  return folder;
}

/** The names of both are those of the zoo, for 28 x 28 pixels and ten digits. */
export const TEACHER = 'lenet5';
export const STUDENT = 'lenet5';

function writeSeed(folder: string, data: DataSet, seed: number, maps: boolean): void {
  const body = zooNetwork(TEACHER, { input: 28, classes: 10 });
  const at = (stage: string) => join(folder, `seed-${seed}`, stage);
  write(at('teacher'), body, data, { seed, stage: 'teacher', kind: 'labels', network: TEACHER });
  // Filters of the teacher's last map, 16, shared out otherwise under each seed.
  const students = [
    [0, 2, 4, 6, 8, 10, 12].map((filter) => (filter + seed) % 16),
    [1, 3, 5, 7, 9, 11].map((filter) => (filter + seed) % 16),
  ];
  const partition = { filters: 16, students, unassigned: [], assumed: false };
  // Means of the teacher's filters, or its last map of 5 x 5 as it is.
  for (const [stage, size] of [
    ['nonn-2', [1, 1]],
    ['nonn-map', [5, 5]],
  ] as const) {
    if (size[0] > 1 && !maps) continue;
    const { network } = joinStudents(stage, [body, body], partition, 10, size);
    write(at(stage), network, data, {
      seed,
      stage,
      kind: 'nonn',
      network: [STUDENT, STUDENT],
      teacher: 'teacher',
      filters: students.map((filters) => filters.length),
    });
    writeFileSync(join(at(stage), 'partition.json'), documentText(partition));
  }
}

type Told = Pick<StageRecord, 'seed' | 'stage' | 'kind' | 'network'> & Partial<StageRecord>;

/** Drawn features under a last layer that knows the mean of each class: right for most digits, and ready at once. */
function write(folder: string, network: Network, data: DataSet, told: Told): void {
  const drawn = trainable(network, told.seed);
  const weights = withClassMeans(network, weightsNow(drawn), data.train, (layer) =>
    outputsOf(drawn, data.train, layer),
  );
  const fitted = trainable(network, told.seed, weights);
  const stored = storeWeights(network, weights);
  const predicted = predictedClasses(fitted, data.test);
  const validated = predictedClasses(fitted, data.validation!);
  const cost = costOf(network);
  const record: StageRecord = {
    experiment: 'few',
    parameters: cost.trainableParameters,
    macs: cost.macs,
    data: {
      name: data.name,
      train: countOf(data.train),
      validation: countOf(data.validation!),
      test: countOf(data.test),
      hash: 'few-digits',
    },
    backend: 'tfjs-wasm',
    threads: 1,
    accuracy: accuracyOf(predicted, data.test.labels),
    validation: accuracyOf(validated, data.validation!.labels),
    hashes: { task: '0', network: networkHash(network), weights: sha256(stored).slice(0, 16) },
    training: {},
    log: [],
    ...told,
  };
  writeAtomically(join(folder, 'weights.safetensors'), stored);
  writeAtomically(join(folder, 'predictions.bin'), predicted);
  writeAtomically(join(folder, 'record.json'), documentText(record));
  disposeTrainable(drawn);
  disposeTrainable(fitted);
}

/** The nearest class mean as a dense layer: kernel m, bias -|m|^2 / 2. */
function withClassMeans(
  network: Network,
  weights: StoredWeights,
  set: ImageSet,
  outputs: (layer: string) => Float32Array,
): StoredWeights {
  const last = [...network.layers].reverse().find(({ kind }) => kind === 'dense')!;
  const features = outputs(last.inputs[0]!);
  const width = features.length / countOf(set);
  const classes = set.classes.length;
  const kernel = new Float32Array(width * classes);
  const counts = new Float32Array(classes);
  for (const label of set.labels) counts[label]! += 1;
  for (const [image, label] of set.labels.entries())
    for (let feature = 0; feature < width; feature++)
      kernel[feature * classes + label]! += features[image * width + feature]! / counts[label]!;
  const bias = new Float32Array(classes);
  for (const [index, value] of kernel.entries()) bias[index % classes]! -= value ** 2 / 2;
  return (layer) => (layer === last.id ? { kernel, bias } : weights(layer));
}
