import { NonnError } from '../../foundation/index.js';
import {
  assignCommunities,
  filterNetworkOf,
  findCommunities,
  type Partition,
  PUBLISHED_RESOLUTION,
  strongEdges,
} from '../../partition/index.js';
import type { DataSet } from '../data/index.js';
import { outputsOf, type Trainable } from '../train/index.js';
import { featuresOf } from './compared-layers.js';
import type { Stage } from './config.js';

/**
 * Shares the teacher's last filters out to students by the communities of its filter network, which is made of the
 * activities of validation images.
 * @throws NonnError without validation images, or with fewer communities than students.
 */
export function partitionTeacher(
  teacher: Trainable,
  data: DataSet,
  stage: Stage & { readonly kind: 'nonn' },
  seed: number,
): Partition {
  if (data.validation === null)
    throw new NonnError(
      `training ${stage.id}: found no validation images, expected some: the filter network is made of their activities`,
    );
  const { pool, resolution = PUBLISHED_RESOLUTION } = stage.partition;
  const outputs = outputsOf(teacher, data.validation, featuresOf(teacher.network));
  const filters = outputs.length / data.validation.labels.length;
  const activities = Array.from(data.validation.labels, (_, image) => [
    ...outputs.subarray(image * filters, (image + 1) * filters),
  ]);
  const edges = strongEdges(filterNetworkOf(activities));
  const { communities } = findCommunities(edges, resolution, seed);
  const assignment = assignCommunities(communities, filters, stage.students.length, pool);
  return { filters, ...assignment, assumed: false };
}
