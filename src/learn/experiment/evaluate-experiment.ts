import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complain, readBytes, readDocument, sha256 } from '../../foundation/index.js';
import { type Network, networkHash, withStoredWeights } from '../../network/index.js';
import { openBackend } from '../../runtime/index.js';
import { featuresOfTeacher, joinStudents } from '../../strategy/index.js';
import type { DataSet } from '../data/index.js';
import { accuracyOf, disposeTrainable, predictedClasses, trainable } from '../train/index.js';
import { chosenStages } from './chosen-stages.js';
import type { Experiment, Stage } from './config.js';
import { dataHash } from './hashes.js';
import {
  PARTITION_FILE,
  partitionFile,
  RECORD_FILE,
  readRecord,
  type StageRecord,
  WEIGHTS_FILE,
} from './record.js';
import type { ExperimentOptions } from './run-experiment.js';
import { networkFor } from './stage-task.js';

/** A trained network, tested again. */
export interface Evaluation {
  readonly record: StageRecord;
  /** Share of the test images that its stored weights get right now. */
  readonly accuracy: number;
}

/**
 * Tests the stored weights of an experiment's stages again, on the test images. Stages and seeds of which there are no
 * weights are passed over.
 * @throws NonnError if there are none at all, or if weights, layers or images are not those of the record.
 */
export async function evaluateExperiment(options: ExperimentOptions): Promise<readonly Evaluation[]> {
  const { experiment, data, out, seeds, backend, threads } = options;
  const found = seeds.flatMap((seed) =>
    chosenStages(experiment, options.stages)
      .map((stage) => ({ stage, folder: join(out, `seed-${seed}`, stage.id) }))
      .filter(({ folder }) => [RECORD_FILE, WEIGHTS_FILE].every((file) => existsSync(join(folder, file)))),
  );
  if (found.length === 0)
    throw complain({
      file: out,
      found: `no weights of experiment ${experiment.name} (seeds ${seeds.join(', ')})`,
      expected: `${RECORD_FILE} and ${WEIGHTS_FILE} in seed-1/${experiment.stages[0]!.id}, as nonn train writes them`,
    });
  await openBackend(backend, { threads: backend === 'tfjs-node' ? threads : 1 });
  return found.map(({ stage, folder }) => {
    const record = readRecord(folder);
    const network = storedNetwork(experiment, stage, record, folder, data);
    const learner = trainable(network, record.seed, network.weights);
    const accuracy = accuracyOf(predictedClasses(learner, data.test), data.test.labels);
    disposeTrainable(learner);
    return { record, accuracy };
  });
}

/** The network of a stage with its stored weights; of a NoNN with its stored partition. */
function storedNetwork(
  experiment: Experiment,
  stage: Stage,
  record: StageRecord,
  folder: string,
  data: DataSet,
): Network {
  const file = join(folder, RECORD_FILE);
  const network =
    stage.kind === 'nonn' ? joint(experiment, stage, record, folder, data) : networkFor(stage.network, data);
  expectHash(file, 'data.hash', record.data.hash, dataHash(data), 'the images that are there now');
  expectHash(
    file,
    'hashes.network',
    record.hashes.network,
    networkHash(network),
    'the layers of the experiment',
  );
  const weights = join(folder, WEIGHTS_FILE);
  const hash = sha256(readBytes(weights)).slice(0, record.hashes.weights.length);
  expectHash(file, 'hashes.weights', record.hashes.weights, hash, 'the weights beside it');
  return withStoredWeights(network, weights);
}

function joint(
  experiment: Experiment,
  stage: Stage & { readonly kind: 'nonn' },
  record: StageRecord,
  folder: string,
  data: DataSet,
): Network {
  const teacher = experiment.stages.find(({ id }) => id === stage.teacher) as Stage & {
    readonly network: string;
  };
  const { teacher: network, layer } = featuresOfTeacher(networkFor(teacher.network, data), stage.features);
  const [height, width, filters] = network.shapes.get(layer)!;
  const { students } = readDocument(join(folder, PARTITION_FILE), partitionFile);
  const bodies = [record.network].flat().map((name) => networkFor(name, data));
  const partition = { filters, students, unassigned: [], assumed: false };
  return joinStudents(stage.id, bodies, partition, data.train.classes.length, [height, width]).network;
}

function expectHash(file: string, path: string, recorded: string, found: string, of: string): void {
  if (recorded === found) return;
  throw complain({ file, path, found: recorded, expected: `${found}, the hash of ${of}` });
}
