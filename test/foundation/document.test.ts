import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  documentText,
  NonnError,
  parseDocument,
  quantity,
  readDocument,
  readJson,
  readText,
  writeAtomically,
} from '../../src/foundation/index.js';

const schema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  threads: z.int().min(1).max(64).default(1),
  link: z.strictObject({ bandwidth: quantity('bandwidth', { positive: true }), latency: quantity('time') }),
  medium: z.enum(['switched', 'shared']).optional(),
  arrivals: z
    .union([
      z.literal('single'),
      z.strictObject({ every: quantity('time') }),
      z.strictObject({ at: z.array(z.number()).min(1) }),
    ])
    .optional(),
  devices: z.array(z.strictObject({ profile: z.string(), speed: z.number().positive() })).optional(),
  strategy: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('single') }),
      z.strictObject({ kind: z.literal('horizontal'), strips: z.int() }),
    ])
    .optional(),
});

const link = { bandwidth: '54 Mbit/s', latency: '1 ms' };
const good = { name: 'home', link };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nonn-document-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a document', () => {
  it('is read into SI, with the defaults of its schema', () => {
    const file = place('good.json', JSON.stringify(good));
    expect(readDocument(file, schema)).toEqual({
      name: 'home',
      threads: 1,
      link: { bandwidth: 6.75e6, latency: 0.001 },
    });
  });

  it('may start with a byte order mark', () => {
    expect(readDocument(place('bom.json', `\uFEFF${JSON.stringify(good)}`), schema).name).toBe('home');
  });

  it.each([
    [
      'a wrong unit',
      { name: 'x', link: { ...link, bandwidth: '54 MB' } },
      'f.json: link.bandwidth: found "54 MB" with a unit of bytes ("MB"), expected a unit of bandwidth (B/s, kB/s, MB/s, GB/s, ...)',
    ],
    [
      'a quantity of the wrong type',
      { name: 'x', link: { ...link, bandwidth: [54] } },
      'f.json: link.bandwidth: found [54], expected a positive bandwidth, as "1 B/s" or a number of B/s',
    ],
    [
      'a quantity that is null',
      { name: 'x', link: { ...link, latency: null } },
      'f.json: link.latency: found null, expected a non-negative time, as "1 s" or a number of s',
    ],
    [
      'a missing quantity',
      { name: 'x', link: { latency: 1 } },
      'f.json: link.bandwidth: found nothing, expected a positive bandwidth, as "1 B/s" or a number of B/s',
    ],
    [
      'a negative quantity',
      { name: 'x', link: { ...link, latency: '-1 ms' } },
      'f.json: link.latency: found "-1 ms", expected a non-negative time, as "1 s" or a number of s',
    ],
    [
      'a quantity of zero where it divides',
      { name: 'x', link: { ...link, bandwidth: 0 } },
      'f.json: link.bandwidth: found 0, expected a positive bandwidth, as "1 B/s" or a number of B/s',
    ],
    [
      'an absurd quantity',
      { name: 'x', link: { ...link, bandwidth: 1e30 } },
      'f.json: link.bandwidth: found 1e+30, expected a positive bandwidth, as "1 B/s" or a number of B/s, at most 1e+21',
    ],
    [
      'an infinite quantity',
      { name: 'x', link: { ...link, bandwidth: Number.POSITIVE_INFINITY } },
      'f.json: link.bandwidth: found Infinity, expected a positive bandwidth, as "1 B/s" or a number of B/s',
    ],
    [
      'an unknown field',
      { ...good, thread: 2 },
      'f.json: thread: found the unknown field "thread", expected one of $schema, name, threads, link, medium, arrivals, devices, strategy (did you mean "threads"?)',
    ],
    [
      'a mistyped required field',
      { nmae: 'x', link },
      'f.json: nmae: found the unknown field "nmae", expected one of $schema, name, threads, link, medium, arrivals, devices, strategy (did you mean "name"?)',
    ],
    [
      'an unknown field in a list',
      {
        ...good,
        devices: [
          { profile: 'a', speed: 1 },
          { profil: 'b', speed: 1 },
        ],
      },
      'f.json: devices[1].profil: found the unknown field "profil", expected one of profile, speed (did you mean "profile"?)',
    ],
    [
      'an unknown field inside a union',
      { ...good, arrivals: { evry: 1 } },
      'f.json: arrivals.evry: found the unknown field "evry", expected one of every, at (did you mean "every"?)',
    ],
    [
      'a wrong value inside a union',
      { ...good, arrivals: { every: '1 MB' } },
      'f.json: arrivals.every: found "1 MB" with a unit of bytes ("MB"), expected a unit of time (s, ms, us, µs, ...)',
    ],
    [
      'a mistyped word of a union',
      { ...good, arrivals: 'singel' },
      'f.json: arrivals: found "singel", expected single or an object (did you mean "single"?)',
    ],
    [
      'a mistyped word',
      { ...good, medium: 'shard' },
      'f.json: medium: found "shard", expected one of switched, shared (did you mean "shared"?)',
    ],
    [
      'a mistyped kind',
      { ...good, strategy: { kind: 'horizontl' } },
      'f.json: strategy.kind: found "horizontl", expected one of single, horizontal (did you mean "horizontal"?)',
    ],
    ['a wrong type', { ...good, threads: '4' }, 'f.json: threads: found "4", expected a number'],
    [
      'a fraction for a count',
      { ...good, threads: 1.5 },
      'f.json: threads: found 1.5, expected a whole number',
    ],
    [
      'a number that is too small',
      { ...good, threads: 0 },
      'f.json: threads: found 0, expected a number of at least 1',
    ],
    [
      'a number that is too large',
      { ...good, threads: 1e9 },
      'f.json: threads: found 1000000000, expected a number of at most 64',
    ],
    [
      'an empty list',
      { ...good, arrivals: { at: [] } },
      'f.json: arrivals.at: found [], expected a list of length at least 1',
    ],
    ['null for the whole', null, 'f.json: found null, expected an object'],
    ['a list for the whole', [], 'f.json: found [], expected an object'],
  ])('with %s is refused in one sentence', (_, data, sentence) => {
    expect(refusal(() => parseDocument(data, schema, 'f.json'))).toBe(sentence);
  });

  it.each([
    ['that is truncated', '{"name": "x", "li', 'text that is not valid JSON'],
    ['that ends too early', '{"name": ', 'text that is not valid JSON (it ends too early)'],
    ['that is empty', '', 'text that is not valid JSON (it ends too early)'],
    ['with a comma too many', '{"a": [1,]}', 'text that is not valid JSON (unexpected "]")'],
    ['with unquoted names', '{\n  name: 1}', 'at line 2, column 3)'],
    [
      'with a number beyond a double',
      '{"name": "x", "link": {"bandwidth": 1e400, "latency": 0}}',
      'link.bandwidth: found Infinity',
    ],
    [
      'with a field named __proto__',
      '{"name": "x", "link": {"__proto__": {"latency": 1}}}',
      'link.__proto__: found the field "__proto__", expected no such field',
    ],
    [
      'nested beyond any sense',
      `${'['.repeat(1e5)}${']'.repeat(1e5)}`,
      '[0][0][0]: found data nested more than 100 levels deep',
    ],
    [
      'nested in objects',
      `${'{"a":'.repeat(5e4)}1${'}'.repeat(5e4)}`,
      'a.a.a: found data nested more than 100 levels deep',
    ],
    [
      'that is no document at all',
      new Uint8Array([0x80, 0xff, 0x00]),
      'found bytes that are not UTF-8, expected a text file in UTF-8',
    ],
  ])('%s is refused in one sentence that names the file', (_, content, sentence) => {
    const file = place('bad.json', content);
    const text = refusal(() => readDocument(file, schema));
    expect(text.startsWith(`${file}: `)).toBe(true);
    expect(text).toContain(sentence);
  });

  it('that is missing, a folder, or too large is refused in one sentence', () => {
    const missing = join(folder, 'missing.json');
    expect(refusal(() => readJson(missing))).toBe(`${missing}: found no such file, expected a readable file`);
    expect(refusal(() => readJson(folder))).toBe(`${folder}: found a folder, expected a readable file`);
    const file = place('large.json', '[1, 2, 3]');
    expect(refusal(() => readJson(file, 8))).toBe(`${file}: found a larger file, expected at most 8 bytes`);
    expect(readJson(file, 9)).toEqual([1, 2, 3]);
    expect(refusal(() => readJson('a\0b'))).toContain('an unreadable file');
  });

  it.skipIf(process.platform === 'win32')('that never ends is refused at the limit', () => {
    expect(refusal(() => readText('/dev/zero', 1e5))).toBe(
      '/dev/zero: found a larger file, expected at most 100000 bytes',
    );
  });

  it('of any bytes ends in data or in one line, and never changes what objects inherit', () => {
    const file = join(folder, 'fuzz.json');
    const text = JSON.stringify({ ...good, arrivals: { at: [1] }, devices: [{ profile: 'a', speed: 2 }] });
    const mutated = fc
      .tuple(fc.nat(text.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 6 }))
      .map(([at, cut, insert]) => Buffer.from(text.slice(0, at) + insert + text.slice(at + cut)));
    const bytes = fc.oneof(
      mutated,
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map((json) => Buffer.from(json)),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        writeFileSync(file, content);
        outcome(() => readDocument(file, schema));
      }),
      { numRuns: 500 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('of any data with the right names ends in data or in one line', () => {
    const names = [
      'name',
      'threads',
      'link',
      'bandwidth',
      'latency',
      'arrivals',
      'every',
      'at',
      'kind',
      'strategy',
      '__proto__',
      'toString',
    ];
    const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(
        fc.constantFrom(
          null,
          -1,
          0,
          Number.POSITIVE_INFINITY,
          1e30,
          Number.NaN,
          '1 s',
          '54 Mbit/s',
          'single',
          true,
        ),
        fc.string({ unit: 'binary' }),
      ),
      tree: fc.oneof(
        { depthSize: 'medium' },
        tie('leaf'),
        fc.array(tie('tree')),
        fc.dictionary(fc.constantFrom(...names), tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        outcome(() => parseDocument(data, schema, 'fuzz.json'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a written document', () => {
  it('appears whole, with the folders on the way to it, and nothing beside it', () => {
    const file = join(folder, 'a', 'b', 'written.json');
    writeAtomically(file, documentText({ one: 1 }));
    writeAtomically(file, documentText({ two: 2 }));
    expect(readFileSync(file, 'utf8')).toBe('{\n  "two": 2\n}\n');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['written.json']);
  });

  it('leaves nothing behind where it cannot be written', () => {
    const target = join(folder, 'taken');
    mkdirSync(join(target, 'inside'), { recursive: true });
    expect(refusal(() => writeAtomically(target, 'x'))).toMatch(
      /^.*taken: found a place that cannot be written \(EISDIR\), expected a writable file$/,
    );
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    // A place where making folders never ends if it is left to Node.
    if (existsSync('/proc/self'))
      expect(refusal(() => writeAtomically('/proc/nonn/x', 'x'))).toContain('cannot be written');
    const below = join(place('file', 'x'), 'below.json');
    expect(refusal(() => writeAtomically(below, 'x'))).toContain(
      'below.json: found a place that cannot be written',
    );
  });
});

describe('an error', () => {
  it('is one line, whatever it has to name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(new NonnError(`${text}\n${text}`).message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(new NonnError('one\r\n  two').message).toBe('one two');
  });
});

function place(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** The one sentence that an attempt ends in. */
function refusal(attempt: () => unknown): string {
  const error = outcome(attempt);
  expect(error).toBeInstanceOf(NonnError);
  return (error as NonnError).message;
}

/** Undefined where an attempt succeeds, else its NonnError, checked to be one bounded line. */
function outcome(attempt: () => unknown): unknown {
  try {
    attempt();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(NonnError);
    const { message, exitCode } = error as NonnError;
    expect(exitCode).toBe(2);
    expect(message).toMatch(/found .*, expected .+$/u);
    expect(message.length).toBeLessThan(1000);
    expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    return error;
  }
}
