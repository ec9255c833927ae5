import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../src/calibrate/index.js';
import { explainProfile, parseProfile, predictNetwork } from '../../src/device/index.js';
import { NonnError } from '../../src/foundation/index.js';
import { zooNetwork } from '../../src/network/index.js';

type Json = Record<string, unknown>;

let calibrated: string;
beforeAll(async () => {
  const made = await calibrate({
    budget: 12,
    backend: 'tfjs-wasm',
    name: 'here',
    seed: 1,
    date: '2026-11-24',
  });
  calibrated = JSON.stringify(made.document);
}, 60_000);

const network = zooNetwork('lenet5');

/** A copy of the calibrated profile in which one value is changed or, with `undefined`, left out; `*` is the first name. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = JSON.parse(calibrated) as Json;
  let here = copy;
  for (const step of path.slice(0, -1)) here = here[step === '*' ? Object.keys(here)[0]! : step] as Json;
  if (value === undefined) delete here[path.at(-1)!];
  else here[path.at(-1)!] = value;
  return copy;
}

/** Uses a profile as commands do. */
function use(data: unknown): void {
  const profile = parseProfile(data, 'here.json');
  explainProfile(profile);
  const { latency, low, high, peakMemory } = predictNetwork(profile, profile.threads[0]!, network);
  for (const value of [latency, low, high, peakMemory]) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(value)).toBe(true);
  }
}

/** Every place of a profile; of a long list only the first and the last entry. */
function placesOf(node: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (node === null || typeof node !== 'object') return [];
  const entries: [string | number, unknown][] = Array.isArray(node)
    ? [0, node.length - 1].flatMap((at) => (at < 0 ? [] : [[at, node[at]] as [number, unknown]]))
    : Object.entries(node);
  return entries.flatMap(([name, child]) => [[...path, name], ...placesOf(child, [...path, name])]);
}

describe('a calibrated profile that somebody has changed', () => {
  it('is as good as before where nothing is', () => {
    expect(() => use(JSON.parse(calibrated))).not.toThrow();
  });

  it.each<[string, (string | number)[], unknown, RegExp]>([
    [
      'a negative rate',
      ['latency', 'encode', 'bandwidth', 'value'],
      -1,
      /latency\.encode\.bandwidth\.value: found -1/,
    ],
    [
      'a rate of nothing',
      ['latency', 'encode', 'bandwidth', 'value'],
      0,
      /latency\.encode\.bandwidth\.value: found 0/,
    ],
    ['NaN as text', ['memory', 'runtimeBase', 'value'], 'NaN', /memory\.runtimeBase\.value: found "NaN"/],
    ['null', ['memory', 'weightCopies', 'value'], null, /memory\.weightCopies\.value: found null/],
    [
      'no copies of weights at all',
      ['memory', 'weightCopies', 'value'],
      0,
      /memory\.weightCopies\.value: found 0/,
    ],
    ['a missing section', ['latency', 'decode'], undefined, /latency\.decode: found nothing/],
    [
      'a missing source',
      ['memory', 'available', 'citation'],
      undefined,
      /memory\.available\.citation: found nothing/,
    ],
    ['another runtime', ['runtime'], 'tfjs-webgl', /runtime: found "tfjs-webgl"/],
    ['threads of another type', ['threads'], '1', /threads: found "1"/],
    ['no threads', ['threads'], [], /threads: found/],
    ['an unknown field', ['latency', 'guess'], 1, /latency\.guess: found the unknown field "guess"/],
    ['a broken machine', ['machine', 'cores'], 'two', /machine\.cores: found "two"/],
    [
      'times that do not match sizes',
      ['link', 'loopback', 'bySize', 'seconds'],
      [1],
      /bySize\.seconds: found 1 times/,
    ],
    [
      'a feature that no kernel has',
      ['latency', 'learned', '1', '*', 'features', 0],
      'colour',
      /latency\.learned\.1\.\w+\.features: found "colour"/,
    ],
    [
      'work that no kernel does',
      ['latency', 'learned', '1', '*', 'work', 'thinking'],
      1e-9,
      /latency\.learned\.1\.\w+\.work: found "thinking"/,
    ],
    [
      'fewer lengths than features',
      ['latency', 'learned', '1', '*', 'lengths'],
      [1],
      /latency\.learned\.1\.\w+\.lengths: found 1 lengths/,
    ],
    [
      'a measurement that is none',
      ['latency', 'kernels', '1', 'tables', 0, 'rows', 0],
      '1 2 NaN',
      /latency\.kernels\.1\.tables\[0\]\.rows\[0\]: found "1 2 NaN"/,
    ],
    [
      'an interval the wrong way round',
      ['latency', 'encode', 'bandwidth', 'interval'],
      [2, 1],
      /interval: found \[2,1\]/,
    ],
  ])('is refused for %s in one sentence', (_, path, value, sentence) => {
    let error: unknown;
    try {
      use(changed(path, value));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NonnError);
    expect((error as NonnError).message).toMatch(sentence);
    expect((error as NonnError).message).toMatch(/^here\.json: [^\n]*found [^\n]*, expected [^\n]*$/);
    expect((error as NonnError).exitCode).toBe(2);
  });

  it('is a valid profile or a sentence, whatever is changed in it, and then predicts or says why not', () => {
    const places = placesOf(JSON.parse(calibrated));
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(
        undefined,
        null,
        0,
        -1,
        -0,
        1e-300,
        1e300,
        '',
        'NaN',
        '-1 W',
        '5 parsec',
        [],
        [[]],
        {},
        {
          unknown: 'why',
        },
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (path, value) => {
        try {
          use(changed(path, value));
        } catch (error) {
          if (!(error instanceof NonnError)) throw error;
          expect(error.message).not.toContain('\n');
        }
      }),
      { numRuns: 500 },
    );
  });
});
