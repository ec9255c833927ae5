import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadProfile, parseProfile, profileFolder, profileNames } from '../../src/device/index.js';
import { NonnError } from '../../src/foundation/index.js';
import { profileData } from './profile-data.js';

const committed = profileNames().map((name) => ({
  name,
  data: JSON.parse(readFileSync(join(profileFolder, `${name}.json`), 'utf8')),
}));
const boards = committed.filter(({ data }) => data.runtime === 'ncnn');

/** Paths of numbers that no source, citation and date stand beside or above. */
function unsourced(node: unknown, path: string, sourced: boolean): string[] {
  if (typeof node === 'number') return sourced ? [] : [path];
  if (node === null || typeof node !== 'object') return [];
  const covers = sourced || ['source', 'citation', 'date'].every((field) => field in node);
  return Object.entries(node).flatMap(([name, child]) => unsourced(child, `${path}.${name}`, covers));
}

describe('the profiles that come with nonn', () => {
  it('are the boards of the ncnn page, and microcontrollers that compute in int8', () => {
    const others = committed.filter((profile) => !boards.includes(profile));
    expect(others.length).toBeGreaterThan(8);
    for (const { data } of others) expect(data).toMatchObject({ dtype: 'int8', threads: [1] });
    expect(boards.map(({ name }) => name)).toEqual([
      'banana-pi-m2-zero',
      'jetson-nano',
      'jetson-orin-nano',
      'jetson-tx2-nx',
      'nanopi-r2s',
      'orangepi-zero-2',
      'raspberry-pi-3b-plus',
      'raspberry-pi-4b',
      'raspberry-pi-5',
      'raspberry-pi-zero-2w',
      'rk3399-big',
      'rk3399-little',
    ]);
  });

  it.each(committed)('$name loads under its own name', ({ name }) => {
    expect(loadProfile(name).name).toBe(name);
  });

  it.each(committed)('$name gives every number a source, a citation and a date', ({ data }) => {
    const { threads: _threads, ...figures } = data;
    expect(unsourced(figures, 'profile', false)).toEqual([]);
  });

  it.each(boards)('$name knows nothing of the radio, and says so', ({ name }) => {
    const { energy } = loadProfile(name);
    expect(energy.send).toEqual({ unknown: expect.stringContaining('not found') });
    expect(energy.receive).toEqual(energy.send);
  });

  it.each(boards)('$name takes more power with more threads, or says why it is unknown', ({ name }) => {
    const { idle, compute } = loadProfile(name).energy;
    const figures = [idle, ...Object.values(compute)];
    const watts = figures.flatMap((figure) => ('value' in figure ? [figure.value] : []));
    expect([...watts].sort((a, b) => a - b)).toEqual(watts);
    for (const figure of figures)
      if ('unknown' in figure) expect(figure.unknown).toContain('no published power');
  });
});

describe('a profile that is not there', () => {
  it('is answered with the nearest name', () => {
    expect(() => loadProfile('rasberry-pi-4b')).toThrow('(did you mean "raspberry-pi-4b"?)');
    expect(() => loadProfile('boards/mine.json')).toThrow('mine.json: found no such file');
  });
});

describe('a profile with a mistake', () => {
  it.each<[string, (data: ReturnType<typeof profileData>) => void, string]>([
    [
      'null',
      (data) => (data.energy.idle = null),
      'energy.idle: found null, expected { "value", "source", "citation", "date" } or { "unknown": "why" }',
    ],
    [
      'a bare number',
      (data) => (data.energy.idle = 2),
      'energy.idle: found 2, expected { "value", "source", "citation", "date" } or { "unknown": "why" }',
    ],
    [
      'a wrong unit',
      (data) => (data.memory.available.value = '1 W'),
      'memory.available.value: found "1 W" with a unit of power ("W"), expected a unit of bytes',
    ],
    [
      'a negative number',
      (data) => (data.memory.runtimeBase.value = -1),
      'memory.runtimeBase.value: found -1, expected a non-negative bytes',
    ],
    [
      'an unknown source',
      (data) => (data.memory.available.source = 'guessed'),
      'memory.available.source: found "guessed", expected one of measured, published, derived',
    ],
    ['an unknown runtime', (data) => (data.runtime = 'ncn'), 'runtime: found "ncn"'],
    [
      'an unknown family',
      (data) => ((data.latency['base'] as Record<string, Record<string, unknown>>)['1']!['conv2x2'] = {}),
      'latency.base.1.conv2x2: found the unknown field "conv2x2"',
    ],
    [
      'threads without a base',
      (data) => (data.threads = [1, 4]),
      'latency.base.4: found no family, expected at least one, since "threads" has 4',
    ],
  ])('is refused for %s in one sentence', (_, change, sentence) => {
    const data = profileData();
    change(data);
    expect(() => parseProfile(data, 'profile.json')).toThrow(`profile.json: ${sentence}`);
  });

  it('never ends in anything but a sentence, whatever is changed in it', () => {
    const paths = pathsOf(profileData(), []);
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(null, -1, 1e300, '', '1', '5 parsec', 'NaN W', [], {}, { unknown: 3 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, (path, value) => {
        const data = profileData() as unknown;
        let here = data as Record<string, unknown>;
        for (const step of path.slice(0, -1)) here = here[step] as Record<string, unknown>;
        here[path.at(-1)!] = value;
        try {
          parseProfile(data, 'profile.json');
        } catch (error) {
          expect(error).toBeInstanceOf(NonnError);
          expect((error as NonnError).message).toMatch(
            /^profile\.json: [^\n]*found [^\n]*, expected [^\n]*$/,
          );
        }
      }),
      { numRuns: 400 },
    );
  });
});

function pathsOf(node: unknown, path: readonly string[]): string[][] {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([name, child]) => [
    [...path, name],
    ...pathsOf(child, [...path, name]),
  ]);
}
