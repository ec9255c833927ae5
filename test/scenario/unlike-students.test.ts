import { describe, expect, it } from 'vitest';
import { costOf, zooNetwork } from '../../src/network/index.js';
import { designOf, makeScenario } from '../../src/scenario/index.js';

/** A scenario of a large and two small boards with this NoNN, and one of alike students. */
function scenarioOf(nonn: object) {
  const partition = { assumed: [100, 80, 76] };
  return makeScenario(
    {
      networks: {
        teacher: 'wrn-40-4',
        students: ['wrn-16-2', 'wrn-16-1', { zoo: 'wrn-10-1', dtype: 'int8' }],
      },
      cluster: {
        devices: [
          { profile: 'raspberry-pi-4b', name: 'large' },
          { profile: 'raspberry-pi-3b-plus', name: 'small', count: 2 },
        ],
        medium: { kind: 'switched', bandwidth: '100 Mbit/s', latency: '100 us' },
      },
      candidates: [
        { strategy: 'nonn', student: 'wrn-16-1', students: 3, partition },
        { strategy: 'nonn', partition, ...nonn },
      ],
      baseline: 'nonn-wrn-16-1-x3',
    },
    'scenario.json',
  );
}

describe('a NoNN of unlike students', () => {
  it('gives each device the body that stands in its place', () => {
    const scenario = scenarioOf({ bodies: ['wrn-16-2', 'wrn-16-1', 'wrn-16-1'] });
    const [alike, unlike] = scenario.candidates;
    expect(unlike).toMatchObject({
      id: 'nonn-wrn-16-2-x1+wrn-16-1-x2',
      network: 'wrn-16-2+wrn-16-1',
      devices: 3,
      students: 3,
    });
    const bytesOf = (candidate: typeof alike) =>
      new Map(designOf(scenario, candidate!).plan.resident.map(({ device, bytes }) => [device, bytes]));
    const [before, after] = [bytesOf(alike), bytesOf(unlike)];
    expect(after.get('large')! / before.get('large')!).toBeGreaterThan(3);
    for (const device of ['small-1', 'small-2']) expect(after.get(device)).toBe(before.get(device));
  });

  it('is the network of alike students where its bodies are alike', () => {
    const scenario = scenarioOf({ bodies: ['wrn-16-2', 'wrn-16-2', 'wrn-16-2'] });
    const { network } = designOf(scenario, scenario.candidates[1]!);
    expect(scenario.candidates[1]!.id).toBe('nonn-wrn-16-2-x3');
    expect(costOf(network).parameters).toBeGreaterThan(3 * 0.9 * costOf(zooNetwork('wrn-16-2')).parameters);
  });

  it.each([
    [
      'bodies beside students',
      { bodies: ['wrn-16-1'], students: 1 },
      /bodies: found it beside "student" or "students"/,
    ],
    ['neither', {}, /student: found nothing, expected "student" and "students", or "bodies"/],
    [
      'an unknown body',
      { bodies: ['wrn-16-2', 'wrn-16-3', 'wrn-16-1'] },
      /candidates\[1\]\.bodies\[1\]: found "wrn-16-3", expected a network of the scenario/,
    ],
    [
      'more bodies than devices',
      { bodies: ['wrn-16-1', 'wrn-16-2', 'wrn-16-1', 'wrn-16-2'] },
      /candidates\[1\]\.bodies: found 4 students, expected at most the cluster's 3 devices/,
    ],
    [
      'students in unlike types of numbers',
      { bodies: ['wrn-16-1', 'wrn-10-1', 'wrn-10-1'] },
      /bodies: found students in float32 and in int8, expected all in one of them/,
    ],
  ])('refuses %s in a sentence', (_name, nonn, sentence) => {
    expect(() => {
      const scenario = scenarioOf(nonn);
      designOf(scenario, scenario.candidates[1]!);
    }).toThrow(sentence);
  });
});
