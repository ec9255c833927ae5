import { NonnError } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import { type Layer, network as makeNetwork, type Network } from '../network/index.js';
import { isPooled } from './feature-size.js';
import { lastMap } from './joint-network.js';

/** A teacher and where its features are. */
export interface TeacherFeatures {
  /** The teacher, with a layer more where it does not pool its last map itself. */
  readonly teacher: Network;
  /** Layer of `[height, width, filters]`. */
  readonly layer: Id;
}

/**
 * The features that students learn of a teacher: the mean of each filter of its last map, which stands behind the
 * normalisation and activation of the last convolution.
 *
 * @param how `map`: the last map as it is, where the teacher does not average it itself.
 * @throws NonnError if the teacher has no convolution.
 */
export function featuresOfTeacher(teacher: Network, how: 'pooled' | 'map' = 'pooled'): TeacherFeatures {
  const map = lastMap(teacher);
  if (teacher.byId.get(map)!.kind === 'input')
    throw new NonnError(
      `network ${teacher.id}: found no convolution, expected a teacher with filters to share out to students`,
    );
  const pool = teacher.consumers.get(map)!.find((id) => teacher.byId.get(id)!.kind === 'globalAvgPool');
  if (pool !== undefined) return { teacher, layer: pool };
  const [height, width] = teacher.shapes.get(map)!;
  if (how === 'map' || isPooled([height, width])) return { teacher, layer: map };
  const mean: Layer = { kind: 'globalAvgPool', id: 'features.mean', inputs: [map] };
  const pooled = makeNetwork(teacher.id, [...teacher.layers, mean], teacher.output);
  return {
    teacher: teacher.weights === undefined ? pooled : { ...pooled, weights: teacher.weights },
    layer: mean.id,
  };
}
