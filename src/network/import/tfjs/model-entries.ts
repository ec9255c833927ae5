import { complain, show } from '../../../foundation/index.js';
import { isObject } from './plain-object.js';

type Data = Readonly<Record<string, unknown>>;

/** One entry of a model's list of layers. */
export interface Entry {
  readonly className: string;
  readonly name: string;
  readonly config: Data;
  /** Layers whose outputs it reads, one list for each time that it is called. */
  readonly calls: readonly (readonly string[])[];
}

/** The layers of a model's configuration, in the order of the file. */
export function entriesOf(model: Data): readonly Entry[] {
  const config = model['config'];
  const list = Array.isArray(config) ? config : isObject(config) ? config['layers'] : undefined;
  if (!Array.isArray(list)) return [];
  return list.map((given: unknown, index): Entry => {
    const entry = isObject(given) ? given : {};
    const inner = isObject(entry['config']) ? entry['config'] : {};
    const className = String(entry['class_name']);
    const name = String(entry['name'] ?? inner['name'] ?? `${className}${index + 1}`);
    const calls = Array.isArray(entry['inbound_nodes']) ? entry['inbound_nodes'].map(sourcesOf) : [];
    const layers = Array.isArray(entry['config']) ? { layers: entry['config'] } : inner;
    return { className, name, config: pythonic(layers), calls: calls.filter((call) => call.length > 0) };
  });
}

/** Layers that a call reads: `[name, node, tensor, ...]` lists of Keras 2, tensors with a history in Keras 3. */
function sourcesOf(call: unknown): readonly string[] {
  if (Array.isArray(call)) {
    const [name, node] = call;
    return typeof name === 'string' && typeof node === 'number' ? [name] : call.flatMap(sourcesOf);
  }
  if (!isObject(call)) return [];
  const history = call['keras_history'];
  if (Array.isArray(history)) return [String(history[0])];
  return [call['args'], call['config']].flatMap((part) => (part === undefined ? [] : sourcesOf(part)));
}

/** `[[name, node, tensor], ...]`, or one of them alone. */
export function endsOf(ends: unknown): readonly string[] {
  if (!Array.isArray(ends)) return [];
  if (typeof ends[0] === 'string') return [ends[0]];
  return ends.map((end) => (Array.isArray(end) ? String(end[0]) : String(end)));
}

/** Names of fields as Keras writes them: tfjs has them in camel case before it saves them. */
function pythonic(config: Data): Data {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

/** The layers that the outputs depend on, each after those that it reads; those that are given are left out. */
export function inOrder(
  byName: ReadonlyMap<string, Entry>,
  outputs: readonly string[],
  given: ReadonlySet<string>,
  prefix: string,
  file: string,
): readonly Entry[] {
  const done = new Set(given);
  const open = new Set<string>();
  const order: Entry[] = [];
  const stack = [...outputs].reverse();
  for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
    const entry = byName.get(name);
    if (done.has(name)) {
      stack.pop();
      continue;
    }
    if (entry === undefined)
      throw complain({
        file,
        ...(prefix === '' ? {} : { path: prefix }),
        found: `a reference to ${show(name)}`,
        expected: 'the name of a layer',
      });
    const sources = entry.className === 'InputLayer' ? [] : (entry.calls[0] ?? []);
    const missing = sources.filter((source) => !done.has(source));
    if (missing.length === 0) {
      done.add(name);
      order.push(entry);
      stack.pop();
      continue;
    }
    // What is open already waits for this layer: it would wait for itself.
    const circular = open.has(name) ? missing[0] : missing.find((source) => open.has(source));
    if (circular !== undefined)
      throw complain({
        file,
        path: `layer ${prefix}${circular}`,
        found: 'a cycle',
        expected: 'layers that lead from the inputs to the outputs',
      });
    open.add(name);
    stack.push(...missing.reverse());
  }
  return order;
}
