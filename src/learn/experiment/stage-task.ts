import { join } from 'node:path';
import { type Network, withStoredWeights, zooNetwork } from '../../network/index.js';
import type { Partition } from '../../partition/index.js';
import { joinStudents } from '../../strategy/index.js';
import type { DataSet } from '../data/index.js';
import {
  disposeTrainable,
  distillation,
  labelsAlone,
  type Objective,
  type Trainable,
  trainable,
} from '../train/index.js';
import { attentionMaps, featuresOf, logitsOf } from './compared-layers.js';
import type { Stage } from './config.js';
import { partitionTeacher } from './partition-teacher.js';
import { readRecord, WEIGHTS_FILE } from './record.js';
import type { StageSetting } from './setting.js';

/** What a stage trains, and for what. */
export interface StageTask {
  readonly network: Network;
  readonly objective: Objective;
  /** Of a NoNN: which of the teacher's filters each student learns. */
  readonly partition?: Partition;
  /** Lets go of the teacher. */
  readonly dispose: () => void;
}

/**
 * The network of a stage and its loss; teachers are read from the folders of their stages.
 * @throws NonnError if the network does not fit the data set, or the partition has fewer communities than there are students.
 */
export function stageTask(options: StageSetting): StageTask {
  const { stage, data } = options;
  switch (stage.kind) {
    case 'labels': {
      const network = networkFor(stage.network, data);
      return { network, objective: labelsAlone(logitsOf(network)), dispose: () => {} };
    }
    case 'distilled': {
      const network = networkFor(stage.network, data);
      const teacher = teacherOf(options, stage.teacher);
      const maps = attentionMaps(network, teacher.network);
      const objective = distillation(
        { logits: logitsOf(network), attention: maps.map(({ student }) => student) },
        {
          teacher,
          logits: logitsOf(teacher.network),
          attention: maps.map(({ teacher: layer }) => layer),
        },
        stage.loss,
      );
      return { network, objective, dispose: () => disposeTrainable(teacher) };
    }
    case 'nonn': {
      const teacher = teacherOf(options, stage.teacher);
      const partition = partitionTeacher(teacher, data, stage, options.seed);
      const bodies = stage.students.map((name) => networkFor(name, data));
      const { network } = joinStudents(stage.id, bodies, partition, data.train.classes.length);
      const objective = distillation(
        { logits: logitsOf(network), features: featuresOf(network) },
        {
          teacher,
          logits: logitsOf(teacher.network),
          features: { layer: featuresOf(teacher.network), order: partition.students.flat() },
        },
        stage.loss,
      );
      return { network, objective, partition, dispose: () => disposeTrainable(teacher) };
    }
  }
}

function networkFor(name: string, data: DataSet): Network {
  const [size] = data.train.shape;
  const network = zooNetwork(name, { input: size, classes: data.train.classes.length });
  return network;
}

function teacherOf({ out, seed, experiment, data }: StageSetting, id: Stage['id']): Trainable {
  const folder = join(out, `seed-${seed}`, id);
  readRecord(folder);
  const stage = experiment.stages.find((one) => one.id === id) as Stage & { readonly network: string };
  const network = withStoredWeights(networkFor(stage.network, data), join(folder, WEIGHTS_FILE));
  return trainable(network, seed, network.weights);
}
