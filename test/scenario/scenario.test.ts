import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import { flatten, loadScenario, makeScenario } from '../../src/scenario/index.js';

const base = JSON.parse(readFileSync('scenarios/mnist-quick.json', 'utf8'));

/** The quick scenario with one value changed at a path of keys; undefined removes it. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(base);
  let here = copy;
  for (const step of path.slice(0, -1)) here = here[step];
  if (value === undefined) delete here[path.at(-1)!];
  else here[path.at(-1)!] = value;
  return copy;
}

describe('a scenario file', () => {
  it.each(readdirSync('scenarios'))('%s that comes with nonn is read', (file) => {
    const scenario = loadScenario(`scenarios/${file}`);
    expect(scenario.candidates.length).toBeGreaterThan(5);
    expect(new Set(scenario.candidates.map((candidate) => candidate.id)).size).toBe(
      scenario.candidates.length,
    );
  });

  it('spans its candidates in the order of the file, the last list fastest', () => {
    const scenario = makeScenario(
      changed(
        ['candidates'],
        [{ strategy: 'deepthings', fused: 2, grid: ['1x2', '2x2'], devices: [2, 4] }, { strategy: 'single' }],
      ) as object,
      'x.json',
    ).candidates;
    expect(scenario.map((candidate) => candidate.id)).toEqual([
      'deepthings-knowledgenet-mnist-2-1x2-on-2',
      'deepthings-knowledgenet-mnist-2-1x2-on-4',
      'deepthings-knowledgenet-mnist-2-2x2-on-2',
      'deepthings-knowledgenet-mnist-2-2x2-on-4',
      'single-knowledgenet-mnist',
    ]);
  });

  it.each([
    [
      'a wrong unit',
      ['cluster', 'medium', 'bandwidth'],
      '939 Mhz',
      /x\.json: cluster\.medium\.bandwidth: found "939 Mhz"/,
    ],
    [
      'a unit of another quantity',
      ['budgets', 'latency'],
      '20 MB',
      /x\.json: budgets\.latency: found "20 MB" with a unit of bytes/,
    ],
    ['an unknown field', ['workload', 'inputAtt'], 'source', /workload\.inputAtt: .*did you mean "inputAt"/],
    ['a wrong type', ['candidates'], 'all', /x\.json: candidates: found "all", expected a list/],
    [
      'an objective twice',
      ['objectives'],
      ['latency', 'energyPerNode', 'latency'],
      /^x\.json: objectives\[2\]: found "latency" a second time, expected each objective once/,
    ],
    ['null', ['budgets', 'latency'], null, /budgets\.latency: found null/],
    [
      'a negative number',
      ['budgets', 'memoryPerNode'],
      -1,
      /budgets\.memoryPerNode: found -1, expected a positive bytes/,
    ],
    ['an absurd number', ['budgets', 'memoryPerNode'], 1e300, /budgets\.memoryPerNode: found 1e\+300/],
    ['an unknown network', ['networks', 'teacher'], 'wrn-40-x', /networks\.teacher: .*wrn-40-x/],
    [
      'an unknown profile',
      ['cluster', 'devices', 0, 'profile'],
      'raspbery-pi-4b',
      /did you mean "raspberry-pi-4b"/,
    ],
    [
      'an unknown source',
      ['workload', 'source'],
      'pi-9',
      /workload\.source: found "pi-9", expected a device of the cluster/,
    ],
    [
      'an unknown baseline',
      ['baseline'],
      'single-knowledgenet-mnst',
      /did you mean "single-knowledgenet-mnist"/,
    ],
    [
      'more students than devices',
      ['candidates', 3, 'students'],
      [2, 5],
      /candidates\[3\]\.students: found 5 students, expected at most the cluster's 4 devices/,
    ],
    [
      'more devices than the cluster has',
      ['candidates', 1, 'devices'],
      5,
      /candidates\[1\]\.devices: found 5 devices/,
    ],
    [
      'a network that is not in the scenario',
      ['candidates', 3, 'student'],
      'lenet',
      /candidates\[3\]\.student: found "lenet".*did you mean "lenet5"/,
    ],
    [
      'an unknown strategy',
      ['candidates', 0, 'strategy'],
      'singel',
      /candidates\[0\]\.strategy: found "singel"/,
    ],
    [
      'a design twice',
      ['candidates', 1, 'devices'],
      [2, 2],
      /horizontal-knowledgenet-mnist-on-2 a second time/,
    ],
    [
      'a warm-up that leaves nothing to count',
      ['workload', 'warmUp'],
      50,
      /workload\.warmUp: found 50 of 50 inferences/,
    ],
    ['an empty list of candidates', ['candidates'], [], /candidates/],
    ['a grid that is none', ['candidates', 2, 'grid'], '0x3', /candidates\[2\]\.grid/],
    ['a missing cluster', ['cluster'], undefined, /cluster: found nothing/],
  ] as const)('with %s ends in one sentence that says where', (_what, path, value, sentence) => {
    expect(() => makeScenario(changed(path, value), 'x.json')).toThrow(sentence);
    try {
      makeScenario(changed(path, value), 'x.json');
    } catch (error) {
      expect(error).toBeInstanceOf(NonnError);
      expect((error as Error).message).not.toContain('\n');
    }
  });

  it('with anything in any place is read or ends in a sentence', () => {
    const paths = Object.keys(flatten(base)).map((path) =>
      path
        .split(/[.[\]]+/)
        .filter(Boolean)
        .map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        try {
          makeScenario(changed(path, value), 'x.json');
        } catch (error) {
          expect(error).toBeInstanceOf(NonnError);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('remembers every value by its path, so that a change can be named', () => {
    expect(flatten(base)).toMatchObject({
      'cluster.medium.bandwidth': '939 Mbit/s',
      'candidates[3].students[1]': 2,
    });
  });
});
