import type { Kernel } from '../kernel/index.js';
import { derivedFeatures } from './derived-features.js';

/**
 * A feature of a kernel by its name, in log2 space: work, bytes, any number of its shape (plus one, so that a zero has a
 * logarithm), or what follows from them. Undefined where the kernel has none of that name. A profile keeps the names of
 * those that it uses.
 */
export function latencyFeature(
  name: string,
  kernel: Pick<Kernel, 'flops' | 'bytes' | 'shape'> & Partial<Pick<Kernel, 'family'>>,
): number | undefined {
  const derived = derivedFeatures.get(name);
  if (derived !== undefined) return derived(kernel);
  const value = kernel.shape[name] ?? (name === 'flops' || name === 'bytes' ? kernel[name] : undefined);
  return value === undefined ? undefined : Math.log2(Math.max(value, 0) + 1);
}
