import { complain } from '../../foundation/index.js';

/** @throws NonnError in one sentence that lists every operator that is not known, with the nodes that use it. */
export function checkKnown(
  file: string,
  used: readonly { readonly operator: string; readonly node: string }[],
  known: ReadonlySet<string>,
): void {
  const unknown = new Map<string, string[]>();
  for (const { operator, node } of used) {
    if (known.has(operator)) continue;
    const nodes = unknown.get(operator);
    if (nodes === undefined) unknown.set(operator, [node]);
    else nodes.push(node);
  }
  if (unknown.size === 0) return;
  const list = [...unknown].map(([operator, nodes]) => `${operator} (${nodes.join(', ')})`).join(', ');
  throw complain({
    file,
    found: `${unknown.size === 1 ? 'an unknown operator' : 'unknown operators'}: ${list}`,
    expected: 'those that docs/import.md lists',
  });
}
