import { NonnError } from '../../foundation/index.js';
import type { Network } from '../../network/index.js';
import {
  type FilterNetwork,
  filterNetworkOf,
  type Partition,
  partitionFilters,
} from '../../partition/index.js';
import { type BackendName, openBackend } from '../../runtime/index.js';
import { featuresOfTeacher } from '../../strategy/index.js';
import { countOf, type DataSet, type ImageSet, subset } from '../data/index.js';
import { disposeTrainable, outputsOf, type Trainable, trainable } from '../train/index.js';
import type { Stage } from './config.js';

/** Images between two reports of progress. */
const CHUNK = 250;

/**
 * The filter network of a teacher: how strongly its filters are active together on these images.
 * @param layer with the teacher's features, `[height, width, filters]`: a filter's activity is its mean.
 */
export function teacherFilterNetwork(
  teacher: Trainable,
  layer: string,
  images: ImageSet,
  onProgress: (done: number) => void = () => {},
): FilterNetwork {
  const [height, width, filters] = teacher.network.shapes.get(layer)!;
  const pixels = height * width;
  const activities: number[][] = [];
  for (let from = 0; from < countOf(images); from += CHUNK) {
    const count = Math.min(CHUNK, countOf(images) - from);
    const some = subset(
      images,
      Array.from({ length: count }, (_, index) => from + index),
    );
    const outputs = outputsOf(teacher, some, layer);
    for (let image = 0; image < count; image++) {
      const means = new Array<number>(filters).fill(0);
      const first = image * pixels * filters;
      for (let at = 0; at < pixels * filters; at++) means[at % filters]! += outputs[first + at]! / pixels;
      activities.push(means);
    }
    onProgress(from + count);
  }
  return filterNetworkOf(activities);
}

/** A teacher, and the images on which its filters are watched. */
export interface WatchedTeacher {
  /** With its weights. */
  readonly teacher: Network;
  readonly images: ImageSet;
  readonly backend: BackendName;
  /** Of native kernels. */
  readonly threads?: number | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Opens a backend and makes the filter network of a teacher.
 * @throws NonnError if the teacher has no filters, or a layer that training cannot run.
 */
export async function watchTeacher(watched: WatchedTeacher): Promise<FilterNetwork> {
  const { images, backend, threads = 1, onProgress } = watched;
  const { teacher, layer } = featuresOfTeacher(watched.teacher);
  await openBackend(backend, { threads });
  const running = trainable(teacher, 1, teacher.weights);
  try {
    return teacherFilterNetwork(running, layer, images, onProgress);
  } finally {
    disposeTrainable(running);
  }
}

/**
 * Shares the teacher's last filters out to students by the communities of its filter network, which is made of the
 * activities of validation images.
 * @param layer with the teacher's features.
 * @throws NonnError without validation images, or with fewer groups of filters than students.
 */
export function partitionTeacher(
  teacher: Trainable,
  layer: string,
  data: DataSet,
  stage: Stage & { readonly kind: 'nonn' },
  seed: number,
): Partition {
  if (data.validation === null)
    throw new NonnError(
      `training ${stage.id}: found no validation images, expected some: the filter network is made of their activities`,
    );
  const network = teacherFilterNetwork(teacher, layer, data.validation);
  const count = 'count' in stage.students ? stage.students.count : stage.students.length;
  const found = partitionFilters(network, { ...stage.partition, students: count, seed });
  const { students, unassigned } = found;
  return { filters: network.filters, students, unassigned, assumed: false };
}
