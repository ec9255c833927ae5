import { complain, show } from '../../../foundation/index.js';
import type { Network } from '../../network.js';
import { asOutput } from '../arrange.js';
import { Assembly } from '../assembly.js';
import { checkKnown } from '../unknown.js';
import type { Value } from '../value.js';
import { kerasLayers } from './keras/index.js';
import { LayerReader } from './layer-reader.js';
import type { Manifest } from './manifest.js';
import { type Entry, endsOf, entriesOf, inOrder } from './model-entries.js';

type Data = Readonly<Record<string, unknown>>;

interface Context {
  readonly assembly: Assembly;
  readonly manifest: Manifest;
  readonly file: string;
  readonly options: { readonly input?: number | undefined };
}

/** The network of a tfjs layers model: sequential or functional, with other models as layers. */
export function importLayersModel(
  model: Data,
  manifest: Manifest,
  file: string,
  id: string,
  options: { readonly input?: number | undefined },
): Network {
  const assembly = new Assembly(id, 'channelsLast');
  const used: { operator: string; node: string }[] = [];
  collect(model, '', used, 0);
  checkKnown(file, used, new Set([...kerasLayers.keys(), ...models, 'InputLayer']));
  const outputs = run(model, undefined, '', { assembly, manifest, file, options }, 0);
  if (outputs.length !== 1) throw complain({ file, found: `${outputs.length} outputs`, expected: 'one' });
  return assembly.build(asOutput(assembly, outputs[0]!).layer);
}

const models: ReadonlySet<string> = new Set(['Sequential', 'Functional', 'Model']);
/** Models in models in models: deeper than any that somebody wrote. */
const DEEPEST = 20;

/** Every layer that is used, also in nested models, so that unknown ones are all named at once. */
function collect(
  model: Data,
  prefix: string,
  into: { operator: string; node: string }[],
  depth: number,
): void {
  if (depth > DEEPEST) return;
  for (const { className, name, config } of entriesOf(model)) {
    into.push({ operator: className, node: prefix + name });
    if (models.has(className))
      collect({ class_name: className, config }, `${prefix}${name}/`, into, depth + 1);
  }
}

/** Runs a model's layers in their order on its inputs, or on input layers of its own. */
function run(
  model: Data,
  given: readonly Value[] | undefined,
  prefix: string,
  context: Context,
  depth: number,
): readonly Value[] {
  const { file } = context;
  if (depth > DEEPEST)
    throw complain({ file, found: `models nested more than ${DEEPEST} deep`, expected: 'fewer' });
  const entries = entriesOf(model);
  if (entries.length === 0)
    throw complain({ file, found: 'a model without layers', expected: 'one layer or more' });
  if (model['class_name'] === 'Sequential') {
    let current = given;
    for (const entry of entries) {
      if (current === undefined && entry.className !== 'InputLayer' && !models.has(entry.className))
        current = [inputOf(entry, `${prefix}input`, context)];
      if (entry.className === 'InputLayer') current ??= [inputOf(entry, prefix + entry.name, context)];
      else current = call(entry, current, prefix, context, depth);
    }
    return current!;
  }
  return functional(model, entries, given, prefix, context, depth);
}

function functional(
  model: Data,
  entries: readonly Entry[],
  given: readonly Value[] | undefined,
  prefix: string,
  context: Context,
  depth: number,
): readonly Value[] {
  const { file } = context;
  const config = model['config'] as Data;
  const known = new Map<string, readonly Value[]>();
  const inputs = endsOf(config['input_layers']);
  for (const [index, name] of inputs.entries()) {
    const value = given?.[index];
    if (value !== undefined) known.set(name, [value]);
  }
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size < entries.length)
    throw complain({ file, found: 'two layers of one name', expected: 'unique names' });
  const outputs = endsOf(config['output_layers']);
  if (outputs.length === 0)
    throw complain({ file, path: `${prefix}output_layers`, found: 'none', expected: 'one' });
  for (const entry of inOrder(byName, outputs, new Set(known.keys()), prefix, file)) {
    const { name, className, calls } = entry;
    const sources = calls[0] ?? [];
    if (className === 'InputLayer') known.set(name, [inputOf(entry, prefix + name, context)]);
    else if (sources.length === 0)
      throw complain({ file, path: `layer ${prefix}${name}`, found: 'no input', expected: 'one' });
    else {
      checkCalls(entry, prefix, file);
      const values = sources.flatMap((source) => known.get(source)!);
      known.set(name, call(entry, values, prefix, context, depth));
    }
  }
  return outputs.flatMap((name) => known.get(name)!);
}

/** A layer that is called twice would share its weights, which nonn's layers do not. */
function checkCalls(entry: Entry, prefix: string, file: string): void {
  if (entry.calls.length > 1)
    throw complain({
      file,
      path: `layer ${prefix}${entry.name}`,
      found: `${entry.calls.length} uses of one layer`,
      expected: 'one: layers that share their weights cannot be imported',
    });
}

function call(
  entry: Entry,
  inputs: readonly Value[] | undefined,
  prefix: string,
  context: Context,
  depth: number,
): readonly Value[] {
  if (models.has(entry.className))
    return run(
      { class_name: entry.className, config: entry.config },
      inputs,
      `${prefix}${entry.name}/`,
      context,
      depth + 1,
    );
  const { assembly, manifest } = context;
  const reader = new LayerReader(
    entry.className,
    prefix + entry.name,
    entry.config,
    inputs!,
    assembly,
    manifest,
  );
  return [kerasLayers.get(entry.className)!(reader)];
}

function inputOf(
  { config, name: layer, className }: Entry,
  name: string,
  { assembly, file, options }: Context,
): Value {
  const shape = config['batch_input_shape'] ?? config['batch_shape'];
  const path = `layer ${layer} (${className})`;
  if (!Array.isArray(shape) || shape.length < 2 || shape.length > 4)
    throw complain({
      file,
      path,
      found: `the input shape ${show(shape)}`,
      expected: 'a batch and 1 to 3 sizes',
    });
  const dims = shape.map((size: unknown, axis): number => {
    if (axis === 0) return 1;
    const isSpace = shape.length === 4 && axis < 3;
    const known = size ?? (isSpace ? options.input : undefined);
    if (typeof known !== 'number' || !Number.isSafeInteger(known) || known < 1)
      throw complain({
        file,
        path,
        found: `the input shape ${show(shape)}`,
        expected: isSpace
          ? 'whole numbers above 0; open heights and widths are given with --input'
          : 'whole numbers above 0',
      });
    return known;
  });
  const [, a, b, c] = dims as [number, number, number?, number?];
  const map =
    c !== undefined ? ([a, b!, c] as const) : b !== undefined ? ([a, 1, b] as const) : ([1, 1, a] as const);
  return assembly.mapOf(assembly.add(name, { kind: 'input', shape: map }, []), dims.length);
}
