import { complain } from '../../../foundation/index.js';
import type { Network } from '../../network.js';
import type { Shape } from '../../region.js';
import { Assembly } from '../assembly.js';
import type { GraphAttribute, GraphNode, Operand } from '../graph/node.js';
import { runGraph } from '../graph/run.js';
import type { Value } from '../value.js';
import { decodeOnnx, type OnnxInput, type OnnxNode } from './model.js';
import { onnxOperators } from './operators/index.js';
import { constantOfTensor } from './tensor.js';

export interface OnnxOptions {
  /** Height and width of the input where the file leaves them open. */
  readonly input?: number | undefined;
}

/**
 * The network of an ONNX file, opset 7 and later. Channels come last from here on: what the file's axes mean is kept
 * beside each tensor, and weights are put into nonn's order when they are read.
 * @throws NonnError in one sentence for what cannot be imported.
 */
export function importOnnx(bytes: Uint8Array, file: string, id: string, options: OnnxOptions): Network {
  const { graph, opsets } = decodeOnnx(bytes);
  const opset = opsets.get('') ?? 1;
  if (opset < OLDEST_OPSET)
    throw complain({ file, found: `opset ${opset}`, expected: `${OLDEST_OPSET} or later` });
  const [output, ...others] = graph.outputs;
  if (output === undefined || others.length > 0)
    throw complain({ file, found: `${graph.outputs.length} outputs`, expected: 'one' });
  const assembly = new Assembly(id, 'channelsFirst');
  return runGraph({
    file,
    nodes: graph.nodes.map((node) => graphNode(node, file)),
    output,
    opset,
    operators: onnxOperators,
    assembly,
    known(nodes) {
      const known = new Map<string, Operand>();
      for (const tensor of graph.initialisers)
        known.set(tensor.name, constantOfTensor(tensor, tensor.name, file));
      const readers = readersOf(nodes);
      for (const input of graph.inputs) {
        const reading = readers.get(input.name);
        // An input that nothing on the way to the output reads is none of the network's.
        if (reading !== undefined && !known.has(input.name))
          known.set(input.name, inputValue(assembly, input, reading, file, options));
      }
      return known;
    },
  });
}

/** Operators of other domains than the standard one carry their domain in their name, so that none is mistaken. */
function graphNode(node: OnnxNode, file: string): GraphNode {
  const attributes = [...node.attributes].map(([name, { tensor, ...rest }]): [string, GraphAttribute] => [
    name,
    tensor === undefined
      ? rest
      : { ...rest, tensor: () => constantOfTensor(tensor, node.outputs[0] ?? name, file) },
  ]);
  const operator = node.domain === '' ? node.operator : `${node.domain}.${node.operator}`;
  return { ...node, operator, attributes: new Map(attributes) };
}

const OLDEST_OPSET = 7;

function inputValue(
  assembly: Assembly,
  input: OnnxInput,
  readers: readonly GraphNode[],
  file: string,
  options: OnnxOptions,
): Value {
  const path = `input ${input.name}`;
  if (input.dims === undefined || input.dims.length === 0 || input.dims.length > 4)
    throw complain({
      file,
      path,
      found: `a tensor of ${input.dims?.length ?? 'unknown'} axes`,
      expected: '1 to 4',
    });
  // The file of a network that was trained with channels last begins with their move to the front.
  const isLast =
    readers.length > 0 &&
    readers.every(
      ({ operator, attributes }) =>
        operator === 'Transpose' && attributes.get('perm')?.integers.join() === '0,3,1,2',
    );
  const rank = input.dims.length;
  const isSequence = rank === 3 && !readers.some(({ operator }) => channelOperators.has(operator));
  const convention = isLast || isSequence ? 'channelsLast' : 'channelsFirst';
  const dims = input.dims.map((size, axis) => {
    if (axis === 0 && input.dims!.length > 1) return 1;
    const isSpace = input.dims!.length === 4 && (isLast ? axis < 3 : axis > 1);
    const known = size ?? (isSpace ? options.input : undefined);
    if (known === undefined)
      throw complain({
        file,
        path,
        found: `no size for axis ${axis + 1}`,
        expected: isSpace ? 'one: give it with --input' : 'one, only the batch may be open',
      });
    return known;
  });
  const [, a = 1, b = 1, c = 1] = dims;
  const shape: Shape =
    rank === 1 ? [1, 1, dims[0]!] : isLast ? [a, b, c] : isSequence ? [a, 1, b] : [b, c, a];
  const made = assembly.add(input.name, { kind: 'input', shape }, []);
  return { ...assembly.mapOf(made, dims.length, convention), dims };
}

/** Operators that take the second axis for the channels. */
const channelOperators: ReadonlySet<string> = new Set([
  'Conv',
  'ConvTranspose',
  'BatchNormalization',
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'GlobalMaxPool',
]);

/** The nodes that read each tensor. */
function readersOf(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes)
    for (const name of node.inputs) {
      const list = readers.get(name);
      if (list === undefined) readers.set(name, [node]);
      else list.push(node);
    }
  return readers;
}
