import { join } from 'node:path';
import { NonnError } from '../../foundation/index.js';
import { type Network, withStoredWeights, zooNetwork } from '../../network/index.js';
import type { Partition } from '../../partition/index.js';
import { type FeatureSize, featuresOfTeacher, joinStudents } from '../../strategy/index.js';
import type { DataSet } from '../data/index.js';
import { largestStudent } from '../students/index.js';
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
  /** With weights where it starts from those of another stage. */
  readonly network: Network;
  readonly objective: Objective;
  /** Of a NoNN: which of the teacher's filters each student learns. */
  readonly partition?: Partition;
  /** Of a NoNN: the networks whose bodies its students have. */
  readonly students?: readonly string[];
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
      const network =
        stage.start === undefined ? networkFor(stage.network, data) : trainedNetwork(options, stage.start);
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
      const { teacher: network, layer } = featuresOfTeacher(
        trainedNetwork(options, stage.teacher),
        stage.features,
      );
      const teacher = trainable(network, options.seed, network.weights);
      const partition = partitionTeacher(teacher, layer, data, stage, options.seed);
      const [height, width, filters] = network.shapes.get(layer)!;
      const size = [height, width] as const;
      const bodies = studentBodies(stage, partition, data, size).map((name) => networkFor(name, data));
      const joint = joinStudents(stage.id, bodies, partition, data.train.classes.length, size).network;
      const order = partition.students.flat();
      const objective = distillation(
        { logits: logitsOf(joint), features: featuresOf(joint) },
        {
          teacher,
          logits: logitsOf(network),
          features: {
            layer,
            order: Array.from({ length: height * width }, (_, pixel) =>
              order.map((filter) => pixel * filters + filter),
            ).flat(),
          },
        },
        stage.loss,
      );
      return {
        network:
          stage.start === undefined ? joint : withStoredWeights(joint, weightsFile(options, stage.start)),
        students: bodies.map((body) => body.id),
        objective,
        partition,
        dispose: () => disposeTrainable(teacher),
      };
    }
  }
}

/** Names of the networks whose bodies the students have: as the stage says, or the largest that keep to its budgets. */
function studentBodies(
  { id, students }: Stage & { readonly kind: 'nonn' },
  partition: Partition,
  data: DataSet,
  size: FeatureSize,
): readonly string[] {
  if (!('count' in students)) return students;
  const { budget, families } = students;
  return partition.students.map(({ length: filters }, index) => {
    try {
      const own = Array.isArray(budget) ? budget[index]! : budget;
      return largestStudent({ filters, input: data.train.shape, budget: own, families, size }).body;
    } catch (error) {
      if (!(error instanceof NonnError)) throw error;
      throw new NonnError(`training ${id}: student ${index + 1}: ${error.message}`, error.exitCode);
    }
  });
}

/** A network of the zoo for the images and classes of a data set. */
export function networkFor(name: string, data: DataSet): Network {
  return zooNetwork(name, { input: data.train.shape, classes: data.train.classes.length });
}

function teacherOf(options: StageSetting, id: Stage['id']): Trainable {
  const network = trainedNetwork(options, id);
  return trainable(network, options.seed, network.weights);
}

function trainedNetwork(options: StageSetting, id: Stage['id']): Network {
  const { experiment, data } = options;
  const stage = experiment.stages.find((one) => one.id === id) as Stage & { readonly network: string };
  return withStoredWeights(networkFor(stage.network, data), weightsFile(options, id));
}

/** Weights of a finished stage. */
function weightsFile({ out, seed }: StageSetting, id: Stage['id']): string {
  const folder = join(out, `seed-${seed}`, id);
  readRecord(folder);
  return join(folder, WEIGHTS_FILE);
}
