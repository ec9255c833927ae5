import { type Network, wholeOf } from '../network/index.js';
import { demands } from './demand.js';
import { emit } from './emit.js';
import type { Id } from './kernel.js';
import type { Held, Lowered } from './lowered.js';

/**
 * Lowers a demand: which kernels compute the `writes` from the `reads`, on just the regions that are needed.
 * Regions are traced back from the outputs; where several layers need parts of one tensor, their bounding region is
 * made once. A layer of which anything is read is never computed.
 *
 * @param elementBytes of the tensors inside, for `transientBytes`: 4, or 1 where a runtime computes in int8.
 * @throws NonnError if what is read does not suffice, or a layer that cannot be split is asked for in part.
 */
export function lower(
  network: Network,
  reads: readonly Held[],
  writes: readonly Held[],
  elementBytes?: number,
): Lowered {
  const given = groupByLayer(reads);
  return emit(network, reads, given, demands(network, given, writes), writes, elementBytes);
}

/** Lowers a whole network: from its inputs to its output. */
export function lowerWhole(network: Network): Lowered {
  const held = (layer: Id): Held => ({ layer, region: wholeOf(network.shapes.get(layer)!) });
  return lower(network, network.inputs.map(held), [held(network.output)]);
}

function groupByLayer(reads: readonly Held[]): Map<Id, number[]> {
  const groups = new Map<Id, number[]>();
  for (const [index, read] of reads.entries()) {
    const group = groups.get(read.layer);
    if (group === undefined) groups.set(read.layer, [index]);
    else group.push(index);
  }
  return groups;
}
