import { bytesSaved, type Network, weightsOf } from '../network/index.js';
import { FLOAT_BYTES } from './kernel.js';
import { type Unit, unitsByOutput } from './unit.js';

/**
 * Elements of the tensors that a unit's kernel holds when it runs: its weights with the batch normalisation folded in,
 * which leaves one bias a channel in the place of four numbers.
 */
export function unitWeightElements(network: Network, { anchor, folded }: Unit): number {
  const weights = weightsOf(network, anchor);
  const elements = weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const hasBias = weights.some(({ name }) => name === 'bias');
  return elements + (folded !== undefined && !hasBias ? network.shapes.get(anchor.id)![2] : 0);
}

/** Bytes of those tensors: float32, or of an int8 network the kernel as bytes with a scale for each output channel. */
export function unitWeightBytes(network: Network, unit: Unit): number {
  return FLOAT_BYTES * unitWeightElements(network, unit) - bytesSaved(network, unit.anchor);
}

const cache = new WeakMap<Network, number>();

/** Bytes of all weights of a network as a runtime of its `dtype` holds them, batch normalisation folded. */
export function foldedWeightBytes(network: Network): number {
  let bytes = cache.get(network);
  if (bytes === undefined) {
    const units = [...unitsByOutput(network).values()];
    bytes = units.reduce((sum, unit) => sum + unitWeightBytes(network, unit), 0);
    cache.set(network, bytes);
  }
  return bytes;
}
