import { complain } from '../../../foundation/index.js';
import type { GraphNode } from './node.js';

/**
 * The nodes that an output depends on, each after those that it reads. Files should be in such an order, but need not be.
 * @throws NonnError for a cycle, or a tensor that two nodes make.
 */
export function sortNodes(nodes: readonly GraphNode[], output: string, file: string): readonly GraphNode[] {
  const maker = new Map<string, number>();
  for (const [index, node] of nodes.entries())
    for (const name of node.outputs) {
      if (name === '') continue;
      if (maker.has(name))
        throw complain({ file, path: `tensor ${name}`, found: 'two nodes that make it', expected: 'one' });
      maker.set(name, index);
    }
  const needed = new Set<number>();
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const index = maker.get(name);
    if (index === undefined || needed.has(index)) continue;
    needed.add(index);
    open.push(...nodes[index]!.inputs);
  }
  // Kahn's algorithm, with the earliest node of the file first among those that are ready.
  const waiting = new Map<number, number>();
  const readers = new Map<number, number[]>();
  for (const index of needed) {
    const makers = new Set(
      nodes[index]!.inputs.map((name) => maker.get(name)).filter((one) => one !== undefined),
    );
    waiting.set(index, makers.size);
    for (const one of makers) {
      const list = readers.get(one);
      if (list === undefined) readers.set(one, [index]);
      else list.push(index);
    }
  }
  const ready = [...needed].filter((index) => waiting.get(index) === 0).sort((a, b) => b - a);
  const sorted: GraphNode[] = [];
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    sorted.push(nodes[index]!);
    for (const reader of readers.get(index) ?? []) {
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) insert(ready, reader);
    }
  }
  if (sorted.length === needed.size) return sorted;
  const stuck = [...waiting].find(([, left]) => left > 0)![0];
  throw complain({
    file,
    path: `node ${nodes[stuck]!.name || nodes[stuck]!.operator}`,
    found: 'a cycle',
    expected: 'a graph without cycles',
  });
}

/** Keeps a descending list in order. */
function insert(list: number[], value: number): void {
  let at = list.length;
  while (at > 0 && list[at - 1]! < value) at--;
  list.splice(at, 0, value);
}
