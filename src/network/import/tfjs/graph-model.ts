import { complain, show } from '../../../foundation/index.js';
import type { Network } from '../../network.js';
import { Assembly } from '../assembly.js';
import { type Constant, constant } from '../constant.js';
import type { GraphAttribute, GraphNode, Operand } from '../graph/node.js';
import { runGraph } from '../graph/run.js';
import type { Value } from '../value.js';
import type { Manifest } from './manifest.js';
import { tensorflowOperators } from './operators/index.js';
import { isObject } from './plain-object.js';

type Data = Readonly<Record<string, unknown>>;

/** The network of a tfjs graph model: a frozen graph of TensorFlow's operations. */
export function importGraphModel(
  topology: Data,
  model: Data,
  manifest: Manifest,
  file: string,
  id: string,
  options: { readonly input?: number | undefined },
): Network {
  const entries = (topology['node'] as readonly unknown[]).map((entry, index) => {
    if (isObject(entry) && typeof entry['name'] === 'string' && typeof entry['op'] === 'string') return entry;
    throw complain({
      file,
      path: `modelTopology.node[${index}]`,
      found: show(entry),
      expected: '"name" and "op"',
    });
  });
  const sources = entries.filter(({ op }) => op === 'Placeholder' || op === 'Const');
  const nodes = nodesOf(entries.filter((entry) => !sources.includes(entry)));
  const assembly = new Assembly(id, 'channelsLast');
  return runGraph({
    file,
    nodes,
    output: outputOf(model, nodes, file),
    opset: 0,
    operators: tensorflowOperators,
    assembly,
    known(needed) {
      const used = new Set(needed.flatMap(({ inputs }) => inputs));
      const known = new Map<string, Operand>();
      for (const source of sources) {
        const name = source['name'] as string;
        if (!used.has(name)) continue;
        const attributes = attributesOf(source);
        known.set(
          name,
          source['op'] === 'Const'
            ? constantOf(name, source, manifest, file)
            : inputOf(name, attributes.get('shape'), assembly, file, options),
        );
      }
      return known;
    },
  });
}

/** Nodes with as many outputs as others read of them: `name` is the first, `name:1` the second. */
function nodesOf(entries: readonly Data[]): readonly GraphNode[] {
  const inputs = entries.map(({ input }) =>
    (Array.isArray(input) ? input : [])
      .map(String)
      // A name that begins with ^ only says what has to run before.
      .filter((name) => !name.startsWith('^'))
      .map(withoutZero),
  );
  const outputs = new Map<string, number>();
  for (const reference of inputs.flat()) {
    const [, name, place] = /^(.*):(\d{1,4})$/.exec(reference) ?? [];
    if (name !== undefined) outputs.set(name, Math.max(outputs.get(name) ?? 0, Number(place)));
  }
  return entries.map((entry, index) => {
    const name = entry['name'] as string;
    const more = Array.from({ length: outputs.get(name) ?? 0 }, (_, place) => `${name}:${place + 1}`);
    return {
      name,
      operator: entry['op'] as string,
      inputs: inputs[index]!,
      outputs: [name, ...more],
      attributes: attributesOf(entry),
    };
  });
}

function withoutZero(name: string): string {
  return name.replace(/:0$/, '');
}

function attributesOf({ attr }: Data): ReadonlyMap<string, GraphAttribute> {
  const attributes = new Map<string, GraphAttribute>();
  if (!isObject(attr)) return attributes;
  for (const [name, value] of Object.entries(attr)) {
    if (!isObject(value)) continue;
    const { i, f, b, s } = value;
    const list = isObject(value['list']) ? value['list'] : {};
    const shape = isObject(value['shape']) ? value['shape'] : undefined;
    const numbers = (entries: unknown) => (Array.isArray(entries) ? entries.map(Number) : []);
    attributes.set(name, {
      ...(i === undefined ? {} : { integer: Number(i) }),
      ...(b === undefined ? {} : { integer: b === true || b === 'true' ? 1 : 0 }),
      ...(f === undefined ? {} : { float: Number(f) }),
      ...(typeof s === 'string' ? { text: text(s) } : {}),
      floats: numbers(list['f']),
      integers: shape === undefined ? numbers(list['i']) : sizesOf(shape),
      texts: Array.isArray(list['s']) ? list['s'].map((one) => text(String(one))) : [],
    });
  }
  return attributes;
}

/** Texts stand in base64. */
function text(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** Sizes of a shape; an open one is -1. */
function sizesOf(shape: Data): readonly number[] {
  return Array.isArray(shape['dim'])
    ? shape['dim'].map((dim: unknown) => Number(isObject(dim) ? (dim['size'] ?? -1) : -1))
    : [];
}

function constantOf(name: string, entry: Data, manifest: Manifest, file: string): Constant {
  const stored = manifest.get(name);
  if (stored !== undefined) return stored;
  const attr = isObject(entry['attr']) ? entry['attr'] : {};
  const value = isObject(attr['value']) ? attr['value'] : {};
  const tensor = isObject(value['tensor']) ? value['tensor'] : {};
  const shape = isObject(tensor['tensorShape']) ? tensor['tensorShape'] : {};
  return constant(name, sizesOf(shape), () => {
    throw complain({
      file,
      path: `node ${name}`,
      found: 'no numbers',
      expected: 'its numbers in weightsManifest',
    });
  });
}

function inputOf(
  name: string,
  shape: GraphAttribute | undefined,
  assembly: Assembly,
  file: string,
  options: { readonly input?: number | undefined },
): Value {
  const sizes = shape?.integers ?? [];
  const path = `node ${name}`;
  if (sizes.length < 2 || sizes.length > 4)
    throw complain({ file, path, found: `an input of ${sizes.length} axes`, expected: '2 to 4' });
  const dims = sizes.map((size, axis) => {
    if (axis === 0) return 1;
    const known = size > 0 ? size : sizes.length === 4 && axis < 3 ? options.input : undefined;
    if (known === undefined || !Number.isSafeInteger(known))
      throw complain({
        file,
        path,
        found: `the shape ${sizes.join('x')}`,
        expected: 'sizes above 0; open heights and widths are given with --input',
      });
    return known;
  });
  const [, a, b, c] = dims as [number, number, number?, number?];
  const map =
    c !== undefined ? ([a, b!, c] as const) : b !== undefined ? ([a, 1, b] as const) : ([1, 1, a] as const);
  return assembly.mapOf(assembly.add(name, { kind: 'input', shape: map }, []), dims.length);
}

/** The output that the signature names, or else the one node that nobody reads. */
function outputOf(model: Data, nodes: readonly GraphNode[], file: string): string {
  const signature = isObject(model['signature']) ? model['signature'] : {};
  const named = isObject(signature['outputs']) ? Object.values(signature['outputs']) : [];
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map((name) => name.replace(/:\d+$/, ''))));
  const outputs =
    named.length > 0
      ? named.map((entry) => withoutZero(String(isObject(entry) ? entry['name'] : entry)))
      : nodes.filter(({ name, operator }) => !read.has(name) && operator !== 'NoOp').map(({ name }) => name);
  if (outputs.length !== 1) throw complain({ file, found: `${outputs.length} outputs`, expected: 'one' });
  return outputs[0]!;
}
