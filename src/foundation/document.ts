import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { complain, NonnError, show } from './error.js';
import { nearest } from './nearest.js';
import { parseUnit, type Quantity, siUnit } from './units.js';

/**
 * Reads a JSON file that a person or a program wrote and checks it against a schema.
 * @param limit largest accepted size in bytes.
 * @throws NonnError in one sentence with file, JSON path, what was found and what was expected.
 */
export function readDocument<S extends z.ZodType>(
  file: string,
  schema: S,
  limit = 64 * 2 ** 20,
): z.output<S> {
  return parseDocument(readJson(file, limit), schema, file);
}

/** Reads a JSON file without a schema; the errors are those of `readDocument`. */
export function readJson(file: string, limit = 64 * 2 ** 20): unknown {
  const text = readText(file, limit);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason =
      error instanceof Error
        ? error.message.replace(/, "[\s\S]*$/, '').replace(/"[\s\S]*" is not valid JSON/, 'not JSON')
        : String(error);
    throw complain({ file, found: `text that is not valid JSON (${reason})`, expected: 'a JSON document' });
  }
}

/** Reads a text file; a missing, unreadable or too large file is a sentence. */
export function readText(file: string, limit = 64 * 2 ** 20): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const found =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : `an unreadable file (${code})`;
    throw complain({ file, found, expected: 'a readable file' });
  }
  if (bytes.length > limit)
    throw complain({ file, found: `${bytes.length} bytes`, expected: `at most ${limit}` });
  return bytes.toString('utf8');
}

/** Checks plain data against a schema; `file` names where the data came from in the error. */
export function parseDocument<S extends z.ZodType>(data: unknown, schema: S, file: string): z.output<S> {
  const result = schema.safeParse(data, { reportInput: true });
  if (result.success) return result.data;
  throw explainIssue(result.error.issues[0]!, schema, data, file);
}

/**
 * Writes a file so that a reader never sees half of it: beside the target first, then renamed over it.
 * Missing folders are made.
 */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(beside, content);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new NonnError(
      `${file}: found a place that cannot be written (${(error as NodeJS.ErrnoException).code}), expected a writable file`,
    );
  }
}

/** JSON text of a document, indented by two, with a final newline. */
export function documentText(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

/**
 * Schema of a quantity: a unit string (`"54 Mbit/s"`) or a plain SI number, read into SI.
 * Negative, infinite and absurdly large (over 1e21) values are refused.
 */
export function quantity(of: Quantity, options: { readonly positive?: boolean } = {}) {
  const wanted = `a ${options.positive ? 'positive ' : 'non-negative '}${of}, as "1 ${siUnit(of)}" or a number of ${siUnit(of)}`;
  return z
    .union([z.number(), z.string()], { error: (issue) => `found ${show(issue.input)}, expected ${wanted}` })
    .transform((input, context) => {
      let value: number;
      try {
        value = typeof input === 'string' ? parseUnit(input, of) : input;
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message, input });
        return z.NEVER;
      }
      if (!(value >= 0) || value > 1e21 || (options.positive === true && value === 0)) {
        context.addIssue({ code: 'custom', message: `found ${show(input)}, expected ${wanted}`, input });
        return z.NEVER;
      }
      return value;
    })
    .meta({ description: wanted });
}

function explainIssue(issue: z.core.$ZodIssue, schema: z.ZodType, data: unknown, file: string): NonnError {
  const flat = deepest(issue, []);
  const path = flat.path;
  const found = lookUp(data, path);
  if (flat.issue.code === 'unrecognized_keys') {
    const key = flat.issue.keys[0]!;
    const valid = keysAt(schema, path);
    const expected = valid.length > 0 ? `one of ${valid.join(', ')}` : 'no such field';
    return complain({
      file,
      path: pathText([...path, key]),
      found: `the unknown field "${key}"`,
      expected,
      suggestion: nearest(key, valid),
    });
  }
  if (flat.issue.code === 'invalid_value') {
    const values = flat.issue.values.map(String);
    const suggestion = typeof found === 'string' ? nearest(found, values) : undefined;
    return complain({
      file,
      path: pathText(path),
      found: show(found),
      expected: values.length === 1 ? values[0]! : `one of ${values.join(', ')}`,
      suggestion,
    });
  }
  if (flat.issue.message.startsWith('found '))
    return new NonnError(`${[file, pathText(path)].filter(Boolean).join(': ')}: ${flat.issue.message}`);
  return complain({ file, path: pathText(path), found: show(found), expected: expectation(flat.issue) });
}

/** Follows a failed union into the branch that came furthest, so that the sentence is about what was meant. */
function deepest(
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
): { issue: z.core.$ZodIssue; path: PropertyKey[] } {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.message.startsWith('found ')) return { issue, path };
  const branches = issue.errors
    .filter((errors) => errors.length > 0)
    .map((errors) => deepest(errors[0]!, path));
  const reached = branches.filter(
    (branch) => branch.path.length > path.length || branch.issue.code === 'unrecognized_keys',
  );
  if (reached.length === 0) return { issue, path };
  return reached.reduce((a, b) => (b.path.length > a.path.length ? b : a));
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'object' || issue.expected === 'array'
        ? `an ${issue.expected}`
        : `a ${issue.expected}`;
    case 'too_small':
      return `${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : `a ${issue.origin} of length`} ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : `a ${issue.origin} of length`} ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`;
    case 'invalid_union':
      return (
        [...new Set(issue.errors.flatMap((errors) => errors.slice(0, 1).map(expectation)))].join(' or ') ||
        issue.message
      );
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message.replace(/^Invalid input: expected /, 'a ').toLowerCase();
  }
}

/** Names that are valid at a path of a schema of objects, arrays, records and unions. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here = [schema as z.core.$ZodType];
  for (const step of path) here = here.flatMap(unwrap).flatMap((node) => child(node, step));
  return [
    ...new Set(
      here.flatMap(unwrap).flatMap((node) => Object.keys((node._zod.def as { shape?: object }).shape ?? {})),
    ),
  ];
}

function unwrap(node: z.core.$ZodType): z.core.$ZodType[] {
  const def = node._zod.def as {
    type: string;
    innerType?: z.core.$ZodType;
    options?: z.core.$ZodType[];
    in?: z.core.$ZodType;
    getter?: () => z.core.$ZodType;
  };
  if (def.innerType !== undefined) return unwrap(def.innerType);
  if (def.options !== undefined) return def.options.flatMap(unwrap);
  if (def.in !== undefined) return unwrap(def.in);
  if (def.type === 'lazy' && def.getter !== undefined) return unwrap(def.getter());
  return [node];
}

function child(node: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  const def = node._zod.def as {
    shape?: Record<PropertyKey, z.core.$ZodType>;
    element?: z.core.$ZodType;
    valueType?: z.core.$ZodType;
    items?: z.core.$ZodType[];
  };
  const next = def.shape?.[step] ?? def.element ?? def.valueType ?? def.items?.[step as number];
  return next === undefined ? [] : [next];
}

function lookUp(data: unknown, path: readonly PropertyKey[]): unknown {
  let here = data;
  for (const step of path)
    here =
      here !== null && typeof here === 'object' ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  return here;
}

/** A path as people write it: `cluster.devices[2].profile`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`,
    )
    .join('');
}
