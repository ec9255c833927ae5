import { derivedFeatures } from './derived-features.js';

/** Features that every kernel has, whatever its shape. */
const always: readonly string[] = ['flops', 'bytes', ...derivedFeatures({ shape: {} }).keys()];

/**
 * Names of features that no kernel has: neither do they follow from a shape, nor are they fields of the shapes of measured
 * kernels. What was learned of them could never be used.
 */
export function unknownFeatures(
  features: readonly string[],
  tables: readonly { readonly fields: readonly string[] }[],
): readonly string[] {
  const known = new Set([...always, ...tables.flatMap(({ fields }) => fields)]);
  return features.filter((name) => !known.has(name));
}
