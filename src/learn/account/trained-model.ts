import { join } from 'node:path';
import { complain } from '../../foundation/index.js';
import {
  type Network,
  networkHash,
  readSafetensors,
  type Shape,
  withStoredWeights,
  type ZooOptions,
  zooNetwork,
} from '../../network/index.js';
import type { Partition } from '../../partition/index.js';
import { RECORD_FILE, readRecord, type TrainedNetwork, WEIGHTS_FILE } from '../../scenario/index.js';
import {
  type FeatureSize,
  featuresOfTeacher,
  type JointNetwork,
  joinStudents,
} from '../../strategy/index.js';
import { logitsOf } from '../experiment/compared-layers.js';

/** A trained network that can be run again. */
export interface TrainedModel {
  readonly trained: TrainedNetwork;
  /** With its weights. */
  readonly network: Network;
  /** Of a NoNN, its parts. */
  readonly joint: JointNetwork | null;
}

/**
 * Builds the network of a record anew and gives it the weights beside it.
 * @param shape `[height, width, channels]` of the images; left out, the record's, or else the network's default.
 * @throws NonnError where the layers are not those that were trained.
 */
export function trainedModel(trained: TrainedNetwork, shape?: Shape): TrainedModel {
  const { record, folder } = trained;
  const file = join(folder, WEIGHTS_FILE);
  const input = shape ?? record.data.shape;
  const build = (name: string) => zooNetwork(name, optionsOf(name, input, file));
  if (record.kind !== 'nonn') {
    const network = build(String(record.network));
    checkLayers(trained, network);
    return { trained, network: withStoredWeights(network, file), joint: null };
  }
  const { students } = trained;
  if (students === null)
    throw complain({
      file: folder,
      found: 'a NoNN without its partition',
      expected: 'partition.json beside it',
    });
  const bodies = [record.network].flat().map((name) => build(name));
  const partition: Partition = { filters: 0, students, unassigned: [], assumed: false };
  const classes = readSafetensors(file).get('classes/kernel')?.shape.at(-1) ?? 0;
  const joints = featureSizes(trained, build).map((size) =>
    joinStudents(record.stage, bodies, partition, classes, size),
  );
  const joint = joints.find(({ network }) => networkHash(network) === record.hashes.network) ?? joints[0]!;
  checkLayers(trained, joint.network);
  const network = withStoredWeights(joint.network, file);
  return { trained, network, joint: { ...joint, network } };
}

/** The record does not say of which size the teacher's features were: one number a filter, or its last map. */
function featureSizes(
  { folder, record }: TrainedNetwork,
  build: (name: string) => Network,
): readonly FeatureSize[] {
  const teacher = readRecord(join(folder, '..', record.teacher!));
  const { teacher: network, layer } = featuresOfTeacher(build(String(teacher.network)), 'map');
  const [height, width] = network.shapes.get(layer)!;
  return [
    [1, 1],
    [height, width],
  ];
}

/** How many classes there are, the weights say. */
function optionsOf(name: string, input: Shape | undefined, file: string): ZooOptions {
  const size = input === undefined ? {} : { input };
  const tensors = readSafetensors(file);
  const own = tensors.get(`${logitsOf(zooNetwork(name, size))}/kernel`) ?? tensors.get('classes/kernel');
  const classes = own?.shape.at(-1);
  return { ...size, ...(classes === undefined ? {} : { classes }) };
}

function checkLayers({ record, folder }: TrainedNetwork, network: Network): void {
  const found = networkHash(network);
  if (found === record.hashes.network) return;
  throw complain({
    file: join(folder, RECORD_FILE),
    path: 'hashes.network',
    found: `${record.hashes.network}, while ${network.id} at ${network.shapes.get(network.inputs[0]!)!.join('x')} has ${found}`,
    expected: 'the same layers (--data with the images that it was trained on tells their size)',
  });
}
