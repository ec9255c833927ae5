import { NonnError } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import {
  inputShapes,
  type Layer,
  network as makeNetwork,
  type Network,
  NetworkBuilder,
  operatorOf,
  wholeOf,
} from '../network/index.js';
import type { Partition } from '../partition/index.js';
import { type FeatureSize, isPooled, POOLED, toFeatureSize } from './feature-size.js';

/** The students of a NoNN and their common last layer as one network. */
export interface JointNetwork {
  readonly network: Network;
  readonly students: readonly { readonly layers: ReadonlySet<Id>; readonly features: Id }[];
}

/**
 * Joins students into the network of networks (Bhardwaj et al., CODES+ISSS 2019): each student is the body of a
 * network, then a 1x1 convolution to its number of filters, batch normalisation and ReLU, and the mean of each filter.
 * All features are concatenated, in the order of the partition, into one dense layer.
 *
 * @param bodies one network a student; what follows its last map (pooling and dense layers) is left out.
 * @param size of the teacher's features, where they are no means but maps: a student's map of another size is enlarged
 * (bilinear) or averaged to it.
 * @throws NonnError if a body has several inputs or another input shape than the first.
 */
export function joinStudents(
  id: Id,
  bodies: readonly Network[],
  partition: Partition,
  classes: number,
  size: FeatureSize = POOLED,
): JointNetwork {
  const input = bodies[0]!.inputs[0]!;
  const shape = bodies[0]!.shapes.get(input)!;
  const builder = new NetworkBuilder(id);
  const shared = builder.input(shape, 'input');
  const origins = new Map<Id, { readonly body: Network; readonly layer: Id }>();
  const students = bodies.map((body, index) => {
    if (
      body.inputs.length !== 1 ||
      body.shapes.get(body.inputs[0]!)!.some((size, axis) => size !== shape[axis])
    ) {
      throw new NonnError(
        `network ${body.id}: found an input unlike that of ${bodies[0]!.id}, expected students that see the same image`,
      );
    }
    const layers = new Set<Id>();
    const prefix = `s${index + 1}.`;
    for (const layer of bodyOf(body)) {
      if (layer.kind === 'input') continue;
      const id = builder.add(renamed(layer, prefix, body.inputs[0]!, shared));
      layers.add(id);
      origins.set(id, { body, layer: layer.id });
    }
    builder.prefix = prefix;
    const end = lastMap(body);
    const head = builder.conv2d(end === body.inputs[0] ? shared : `${prefix}${end}`, {
      filters: partition.students[index]!.length,
      kernel: 1,
      name: 'features.conv',
    });
    const norm = builder.batchNorm(head, 'features.bn');
    const relu = builder.relu(norm, 'features.relu');
    const sized = toFeatureSize(builder, relu, size);
    for (const layer of [head, norm, relu, ...sized]) layers.add(layer);
    return { layers, features: sized.at(-1) ?? relu };
  });
  builder.prefix = '';
  const concatenated =
    students.length === 1
      ? students[0]!.features
      : builder.concat(
          students.map((student) => student.features),
          'features',
        );
  const joined = isPooled(size) ? concatenated : builder.flatten(concatenated, 'flat');
  const network = builder.build(builder.dense(joined, { units: classes, name: 'classes' }));
  return {
    network: bodies.some(({ weights }) => weights !== undefined) ? carrying(network, origins) : network,
    students,
  };
}

/** The joint network with its students' weights; their heads and the last layer are its own. */
function carrying(
  network: Network,
  origins: ReadonlyMap<Id, { readonly body: Network; readonly layer: Id }>,
): Network {
  return {
    ...network,
    weights: (id) => {
      const origin = origins.get(id);
      return origin?.body.weights?.(origin.layer) ?? {};
    },
  };
}

/** Filters of a network's last map: for a teacher, the filters that are shared out to students. */
export function lastMapFilters(of: Network): number {
  return of.shapes.get(lastMap(of))![2];
}

/**
 * The last layer on the way to the output that is made pixel by pixel or window by window; what follows needs whole
 * maps at once. A small branch that does (squeeze-and-excite) does not end the body.
 */
export function lastMap(of: Network): Id {
  const gathered = new Set<Id>();
  for (const layer of of.layers) {
    const whole = wholeOf(of.shapes.get(layer.id)!);
    const splittable = operatorOf(layer).neededInput(layer, whole, inputShapes(of, layer), 0) !== null;
    const isGathered =
      !splittable || (layer.kind !== 'input' && layer.inputs.every((id) => gathered.has(id)));
    if (isGathered) gathered.add(layer.id);
  }
  const wanted = new Set<Id>([of.output]);
  for (const layer of [...of.layers].reverse()) {
    if (!wanted.has(layer.id)) continue;
    if (!gathered.has(layer.id)) return layer.id;
    for (const input of layer.inputs) wanted.add(input);
  }
  return of.inputs[0]!;
}

function bodyOf(of: Network): readonly Layer[] {
  const end = lastMap(of);
  const kept = new Set<Id>([end]);
  const backwards = [...of.layers].reverse();
  for (const layer of backwards) if (kept.has(layer.id)) for (const input of layer.inputs) kept.add(input);
  return makeNetwork(
    of.id,
    of.layers.filter((layer) => kept.has(layer.id)),
    end,
  ).layers;
}

function renamed(layer: Layer, prefix: string, input: Id, shared: Id): Layer {
  return {
    ...layer,
    id: `${prefix}${layer.id}`,
    inputs: layer.inputs.map((name) => (name === input ? shared : `${prefix}${name}`)),
  };
}
