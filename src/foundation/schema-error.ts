import type { z } from 'zod';
import { complain, NonnError, pathText, show } from './error.js';
import { nearest } from './nearest.js';
import { keysAt } from './schema-walk.js';

type Issue = z.core.$ZodIssue;

/**
 * One sentence for what a schema refused: of several issues, an unknown field if there is one (a mistyped name
 * also leaves its right name missing), else the first.
 */
export function explainIssues(
  issues: readonly Issue[],
  schema: z.ZodType,
  data: unknown,
  file: string,
): NonnError {
  const { issue, path } = innermost(foremost(issues), []);
  const found = lookUp(data, path);
  const at = { file, path: pathText(path) };
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    // A union's other branches may know the field; here it is wrong.
    const valid = keysAt(schema, path).filter((name) => name !== key);
    return complain({
      file,
      path: pathText([...path, key]),
      found: `the unknown field ${show(key)}`,
      expected: valid.length > 0 ? `one of ${valid.join(', ')}` : 'no such field',
      suggestion: nearest(key, valid),
    });
  }
  // Messages of our own schemas are whole sentences already.
  if (issue.message.startsWith('found '))
    return new NonnError(`${[file, at.path].filter(Boolean).join(': ')}: ${issue.message}`);
  const words = wordsOf(issue);
  return complain({
    ...at,
    found: show(issue.code === 'invalid_key' ? path.at(-1) : found),
    expected: expectation(issue),
    suggestion: typeof found === 'string' ? nearest(found, words) : undefined,
  });
}

function foremost(issues: readonly Issue[]): Issue {
  return issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0]!;
}

/** Follows a failed union into the branch that came furthest, so that the sentence is about what was meant. */
function innermost(issue: Issue, prefix: readonly PropertyKey[]): { issue: Issue; path: PropertyKey[] } {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.message.startsWith('found ')) return { issue, path };
  const branches = issue.errors
    .filter((errors) => errors.length > 0)
    .map((errors) => innermost(foremost(errors), path));
  const unknown = branches.filter((branch) => branch.issue.code === 'unrecognized_keys');
  const reached = branches.filter((branch) => branch.path.length > path.length);
  // A branch without an unknown field has all the fields that were given, so it is the one that was meant.
  const meant = reached.filter((branch) => branch.issue.code !== 'unrecognized_keys');
  const candidates = meant.length > 0 ? meant : unknown.length > 0 ? unknown : reached;
  if (candidates.length === 0) return { issue, path };
  return candidates.reduce((a, b) => (b.path.length > a.path.length ? b : a));
}

function expectation(issue: Issue): string {
  // A sentence of our own schemas says what it expected at its end.
  const own = /^found .*, expected (.+)$/.exec(issue.message)?.[1];
  if (own !== undefined) return own;
  const words = wordsOf(issue);
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a ${issue.expected}`;
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'invalid_value':
      return oneOf(words);
    case 'invalid_union': {
      const others = issue.errors.flatMap((errors) =>
        errors.slice(0, 1).flatMap((first) => (first.code === 'invalid_value' ? [] : [expectation(first)])),
      );
      return (
        [...(words.length > 0 ? [oneOf(words)] : []), ...new Set(others)].join(' or ') || 'something else'
      );
    }
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.pattern === undefined ? `a ${issue.format}` : `a text that matches ${issue.pattern}`;
    case 'invalid_key':
      return `a valid name (${issue.issues.map(expectation).join(', ')})`;
    default:
      return issue.message;
  }
}

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const isNumber = issue.origin === 'number' || issue.origin === 'int';
  const words =
    issue.exact === true
      ? ''
      : issue.code === 'too_small'
        ? issue.inclusive === false
          ? 'above '
          : 'at least '
        : issue.inclusive === false
          ? 'below '
          : 'at most ';
  if (!isNumber) return `${typeNames[issue.origin] ?? `a ${issue.origin}`} of length ${words}${limit}`;
  return issue.inclusive === false ? `a number ${words}${limit}` : `a number of ${words}${limit}`;
}

/** The literal values that would have been right. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  const { options } = issue as { options?: readonly unknown[] };
  return [
    ...(options ?? []).map(String),
    ...issue.errors.flatMap((errors) => errors.slice(0, 1).flatMap(wordsOf)),
  ];
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `one of ${words.join(', ')}`;
}

function lookUp(data: unknown, path: readonly PropertyKey[]): unknown {
  let here = data;
  for (const step of path)
    here =
      here !== null && typeof here === 'object' && Object.hasOwn(here, step)
        ? (here as Record<PropertyKey, unknown>)[step]
        : undefined;
  return here;
}

const typeNames: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  never: 'no such field',
};
