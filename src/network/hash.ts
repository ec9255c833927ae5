import { hashData } from '../foundation/index.js';
import type { Network } from './network.js';

const hashes = new WeakMap<Network, string>();

/**
 * Hash of a network's layers and of how its kernels are kept, whatever the network is called and whatever its weights
 * are: what a record of a training run names, and what a design is looked up by.
 */
export function networkHash(network: Network): string {
  const known = hashes.get(network) ?? hashData(hashedOf(network));
  hashes.set(network, known);
  return known;
}

/** Float32 networks are their layers alone, as they were before there were others. */
function hashedOf({ layers, dtype }: Network): unknown {
  return dtype === 'int8' ? { layers, dtype } : layers;
}
