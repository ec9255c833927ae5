import { derivedFeatures } from './derived-features.js';
import { type LatencyFamily, latencyFamily } from './family.js';
import { workTerms } from './work-terms.js';

/** Features that every kernel has, whatever its shape. */
const always: readonly string[] = ['flops', 'bytes', ...derivedFeatures.keys()];

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

/**
 * Names of work that none of a family's measured kernels does: seconds of one would count for nothing, or for kernels of
 * which nothing was measured.
 */
export function unknownWork(
  names: readonly string[],
  family: LatencyFamily,
  tables: readonly {
    readonly operator: string;
    readonly fields: readonly string[];
    readonly rows: readonly string[];
  }[],
): readonly string[] {
  const unknown = new Set(names);
  for (const { operator, fields, rows } of tables) {
    if (!mayBe(operator, family)) continue;
    for (const row of rows) {
      if (unknown.size === 0) return [];
      const numbers = row.split(' ', fields.length + 2).map(Number);
      const shape: Record<string, number> = {};
      for (const [index, field] of fields.entries()) shape[field] = numbers[index]!;
      const kernel = { family: operator, shape, flops: numbers.at(-2)!, bytes: numbers.at(-1)! };
      if (latencyFamily(kernel) === family) for (const [name] of workTerms(kernel)) unknown.delete(name);
    }
  }
  return [...unknown];
}

/** Whether an operator has kernels of a family: only the families of convolutions depend on the shape. */
function mayBe(operator: string, family: LatencyFamily): boolean {
  return /conv2d$/i.test(operator) || latencyFamily({ family: operator, shape: {} }) === family;
}
