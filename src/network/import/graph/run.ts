import { complain, nearest } from '../../../foundation/index.js';
import type { Network } from '../../network.js';
import { asOutput } from '../arrange.js';
import type { Assembly } from '../assembly.js';
import { checkKnown } from '../unknown.js';
import { type GraphNode, NodeReader, type Operand, type OperatorImport } from './node.js';
import { sortNodes } from './sort.js';

/** A graph whose tensors are known by name before any node runs: constants and inputs. */
export interface Graph {
  readonly file: string;
  readonly nodes: readonly GraphNode[];
  readonly output: string;
  readonly opset: number;
  readonly operators: ReadonlyMap<string, OperatorImport>;
  readonly assembly: Assembly;
  /** Constants and inputs by name; made when the nodes that are needed are known. */
  readonly known: (nodes: readonly GraphNode[]) => Map<string, Operand>;
}

/**
 * Turns each node that the output depends on into layers, in order.
 * @throws NonnError in one sentence for what cannot be imported.
 */
export function runGraph({
  file,
  nodes: all,
  output,
  opset,
  operators,
  assembly,
  known: made,
}: Graph): Network {
  const nodes = sortNodes(all, output, file);
  const names = nodes.map(
    ({ name, outputs, operator }) => name || outputs.find((one) => one !== '') || operator,
  );
  checkKnown(
    file,
    nodes.map(({ operator }, index) => ({ operator, node: names[index]! })),
    new Set(operators.keys()),
  );
  const known = made(nodes);
  const readers = countReaders(nodes, output);
  const operandOf = (name: string, reader: string): Operand => {
    const operand = known.get(name);
    if (operand !== undefined) return operand;
    throw complain({
      file,
      path: reader,
      found: `a reference to "${name}"`,
      expected: 'the output of an earlier node',
      suggestion: nearest(name, known.keys()),
    });
  };
  for (const [index, node] of nodes.entries()) {
    const inputs = node.inputs.map((name) =>
      name === '' ? undefined : operandOf(name, `node ${names[index]!}`),
    );
    const readersOfFirst =
      readers.get(node.inputs.find((name) => known.get(name)?.kind === 'value') ?? '') ?? 0;
    const results = operators.get(node.operator)!(
      new NodeReader(node, names[index]!, inputs, assembly, opset, readersOfFirst),
    );
    const list = (Array.isArray(results) ? results : [results]) as readonly Operand[];
    for (const [place, name] of node.outputs.entries()) {
      const result = list[place];
      if (name !== '' && result !== undefined) known.set(name, result);
    }
  }
  const result = operandOf(output, 'output');
  if (result.kind === 'constant')
    throw complain({
      file,
      path: output,
      found: 'a constant output',
      expected: 'one that depends on the input',
    });
  return assembly.build(asOutput(assembly, result).layer);
}

/** How many nodes read a tensor; the output is read by whoever asked for it. */
function countReaders(nodes: readonly GraphNode[], output: string): ReadonlyMap<string, number> {
  const readers = new Map<string, number>([[output, 1]]);
  for (const { inputs } of nodes) for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}
