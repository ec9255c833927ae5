import type { Kernel } from '../kernel/index.js';
import { derivedFeatures } from './derived-features.js';

/**
 * Features of a kernel by name, in log2 space: work, bytes, and every number of its shape (plus one, so that a zero
 * has a logarithm), and what follows from them. A profile keeps the names of those that it uses.
 */
export function latencyFeatures(
  kernel: Pick<Kernel, 'flops' | 'bytes' | 'shape'> & Partial<Pick<Kernel, 'family'>>,
): ReadonlyMap<string, number> {
  const features = new Map<string, number>([
    ['flops', Math.log2(kernel.flops + 1)],
    ['bytes', Math.log2(kernel.bytes + 1)],
  ]);
  for (const [name, value] of Object.entries(kernel.shape))
    features.set(name, Math.log2(Math.max(value, 0) + 1));
  for (const [name, value] of derivedFeatures(kernel)) features.set(name, value);
  return features;
}
