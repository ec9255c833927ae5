import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { complain, NonnError } from '../../foundation/index.js';
import {
  isNetworkFile,
  isZooName,
  type Network,
  namedNetwork,
  readSafetensors,
  type Shape,
  weightsOf,
  withStoredWeights,
  zooNetwork,
} from '../../network/index.js';
import type { DataSet } from '../data/index.js';
import { logitsOf } from './compared-layers.js';
import { dataHash } from './hashes.js';
import { RECORD_FILE, readRecord, type StageRecord, WEIGHTS_FILE } from './record.js';

/** Where a trained teacher is, before the size of its images is known. */
export interface TeacherFile {
  /** A network of the zoo; undefined where the file itself has the layers. */
  readonly network?: string;
  /** Its weights (safetensors), or a file with layers and weights. */
  readonly file: string;
  /** How it was trained, where that is on record. */
  readonly record?: StageRecord;
}

/**
 * Finds a teacher by what a person has of it: the folder of a trained stage (or its record), weights beside the name of
 * their network, or a file that has both.
 * @throws NonnError in one sentence where something is missing.
 */
export function findTeacher(file: string, network?: string): TeacherFile {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) throw complain({ file, found: 'no such file', expected: 'a trained teacher' });
  const isFolder = status.isDirectory();
  if (isFolder || basename(file) === RECORD_FILE) {
    const folder = isFolder ? file : dirname(file);
    const record = readRecord(folder);
    const { kind, network: name } = record;
    if (kind === 'nonn' || typeof name !== 'string')
      throw complain({
        file: join(folder, RECORD_FILE),
        path: 'kind',
        found: 'a NoNN',
        expected: 'a single network as teacher',
      });
    if (network !== undefined && network !== name)
      throw complain({
        file: '--network',
        found: `"${network}"`,
        expected: `"${name}", as ${RECORD_FILE} says`,
      });
    return { network: name, file: join(folder, WEIGHTS_FILE), record };
  }
  if (/\.(onnx|json)$/i.test(file)) {
    if (network === undefined) return { file };
    throw complain({
      file: '--network',
      found: `"${network}"`,
      expected: `no name beside ${basename(file)}, which has the layers`,
    });
  }
  if (network === undefined)
    throw complain({
      file: '--teacher',
      found: `"${file}" without --network`,
      expected: "the name of the weights' network, or a folder with weights and record.json",
    });
  return { network, file };
}

/**
 * The teacher with its weights, for images of a shape.
 * @throws NonnError in one sentence where weights and network do not fit together, or the images not to them.
 */
export function readTeacher({ network: name, file, record }: TeacherFile, shape: Shape): Network {
  const trainedOn = record?.data.shape;
  if (trainedOn !== undefined && trainedOn.join() !== shape.join())
    throw complain({
      file,
      found: `images of ${shape.join('x')}`,
      expected: `${trainedOn.join('x')}, on which it was trained`,
    });
  if (name === undefined) {
    const network = namedNetwork(file, {});
    if (network.weights !== undefined) return network;
    throw complain({ file, found: 'a network without weights', expected: 'a trained one' });
  }
  if (!isZooName(name) && isNetworkFile(name))
    return withStoredWeights(checkTensors(namedNetwork(name, {}), file), file);
  const classifier = `${logitsOf(zooFor(name, shape))}/kernel`;
  const classes = readSafetensors(file).get(classifier)?.shape.at(-1);
  const network = zooFor(name, shape, classes);
  return withStoredWeights(checkTensors(network, file), file);
}

function zooFor(name: string, input: Shape, classes?: number): Network {
  try {
    return zooNetwork(name, classes === undefined ? { input } : { input, classes });
  } catch (error) {
    if (!(error instanceof NonnError) || !error.message.startsWith('layer')) throw error;
    throw new NonnError(`network ${name} for images of ${input.join('x')}: ${error.message}`, error.exitCode);
  }
}

/** Whether these are the images that a teacher was trained on, split the same way; undefined where no record says. */
export function isTrainedOn({ record }: TeacherFile, data: DataSet): boolean | undefined {
  return record && record.data.hash === dataHash(data);
}

/** Weights of a deeper or shallower network fit in part: a teacher with drawn weights would be none. */
function checkTensors(network: Network, file: string): Network {
  const found = new Set([...readSafetensors(file).keys()].filter((name) => !name.endsWith('.scale')));
  const wanted = network.layers.flatMap((layer) =>
    weightsOf(network, layer).map(({ name }) => `${layer.id}/${name}`),
  );
  const missing = wanted.find((name) => !found.has(name));
  const known = new Set(wanted);
  const foreign = [...found].find((name) => !known.has(name));
  if (missing === undefined && foreign === undefined) return network;
  throw complain({
    file,
    found: missing === undefined ? `a tensor ${foreign}` : `no tensor ${missing}`,
    expected: `those of network ${network.id}, each once`,
  });
}
