import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import { parsePlanFile, readPlanFile } from '../../src/plan/index.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-plan-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function good() {
  return {
    model: { latencyFactor: 1, bandwidthFactor: 1, crossTraffic: 0 },
    cluster: {
      devices: [
        { name: 'alpha', speed: 1e9 as unknown },
        { name: 'beta', speed: '2 GFLOP/s' as unknown },
      ],
      links: [
        { name: 'wire', bandwidth: '54 Mbit/s' as unknown, latency: '1 ms' as unknown, sharing: 'fair' },
      ],
      routes: [{ from: 'alpha', to: 'beta', links: ['wire'] }],
    },
    tasks: [
      { id: 't1', device: 'alpha', flops: 1e9 as unknown, after: [] as string[] },
      { id: 't2', device: 'beta', flops: '1 GFLOP' as unknown, after: ['m1'] },
    ],
    messages: [{ id: 'm1', from: 'alpha', to: 'beta', bytes: '1 MB' as unknown, after: ['t1'] }],
    finish: { t1: 1 } as unknown,
  };
}

function complaint(change: (file: ReturnType<typeof good>) => void): string {
  const data = good();
  change(data);
  try {
    parsePlanFile(data, 'plan.json');
  } catch (error) {
    expect(error).toBeInstanceOf(NonnError);
    return (error as Error).message;
  }
  return 'nothing';
}

describe('a plan file', () => {
  it('is read into a plan of work in FLOP and a platform in SI units', () => {
    const { plan, platform } = parsePlanFile(good(), 'plan.json');
    expect(plan.tasks.map(({ id, work }) => [id, work])).toEqual([
      ['t1', { kind: 'flops', flops: 1e9 }],
      ['t2', { kind: 'flops', flops: 1e9 }],
    ]);
    expect(plan.messages[0]).toMatchObject({ frameBytes: 1e6, after: ['t1'] });
    expect(platform.costs.task(plan.tasks[1]!.work, 'beta').seconds).toBe(0.5);
    expect(platform.costs.message(1e6, 'alpha', 'beta').seconds).toBe(1e-3);
    expect(platform.topology.transfer(1e6, 'alpha', 'beta')).toMatchObject({
      amount: 1e6,
      uses: [{ link: 0, weight: 1 }],
    });
    expect(platform.topology.links).toEqual([{ name: 'wire', capacity: 54e6 / 8 }]);
  });

  it.each<[string, (file: ReturnType<typeof good>) => void, string]>([
    [
      'a wrong unit',
      (file) => {
        file.cluster.links[0]!.bandwidth = '54 MB';
      },
      'cluster.links[0].bandwidth: found "54 MB" with a unit of bytes',
    ],
    [
      'an unknown field',
      (file) => {
        Object.assign(file.tasks[0]!, { afer: [] });
      },
      'tasks[0].afer: found the unknown field "afer", expected one of id, device, flops, after (did you mean "after"?)',
    ],
    [
      'a wrong type',
      (file) => {
        file.tasks[0]!.after = 'm1' as never;
      },
      'tasks[0].after: found "m1", expected a',
    ],
    [
      'null',
      (file) => {
        file.model = null as never;
      },
      'model: found null',
    ],
    [
      'a null number',
      (file) => {
        file.tasks[0]!.flops = null;
      },
      'tasks[0].flops: found null',
    ],
    [
      'a negative number',
      (file) => {
        file.tasks[0]!.flops = -1;
      },
      'tasks[0].flops: found -1, expected a non-negative work',
    ],
    [
      'an absurd number',
      (file) => {
        file.messages[0]!.bytes = 1e30;
      },
      'messages[0].bytes: found 1e+30',
    ],
    [
      'a device without speed',
      (file) => {
        file.cluster.devices[0]!.speed = 0;
      },
      'cluster.devices[0].speed: found 0, expected a positive compute',
    ],
    [
      'an unknown sharing',
      (file) => {
        file.cluster.links[0]!.sharing = 'fat';
      },
      'cluster.links[0].sharing: found "fat", expected one of fair, fatpipe',
    ],
    [
      'an unknown device of a task',
      (file) => {
        file.tasks[0]!.device = 'alhpa';
      },
      'tasks[0].device: found "alhpa", expected the name of a device of the cluster (did you mean "alpha"?)',
    ],
    [
      'an unknown device of a message',
      (file) => {
        file.messages[0]!.to = 'gamma';
      },
      'messages[0].to: found "gamma"',
    ],
    [
      'an unknown link of a route',
      (file) => {
        file.cluster.routes[0]!.links = ['wir'];
      },
      'cluster.routes[0].links[0]: found "wir", expected the name of a link of the cluster (did you mean "wire"?)',
    ],
    [
      'a message without a route',
      (file) => {
        file.cluster.routes[0]!.from = 'beta';
        file.cluster.routes[0]!.to = 'alpha';
      },
      'messages[0]: found a message from "alpha" to "beta", between which there is no route',
    ],
    [
      'two routes between the same devices',
      (file) => {
        file.cluster.routes.push(file.cluster.routes[0]!);
      },
      'cluster.routes[1]: found a second route from "alpha" to "beta"',
    ],
    [
      'a link named twice',
      (file) => {
        file.cluster.links.push(file.cluster.links[0]!);
      },
      'cluster.links[1].name: found "wire" a second time',
    ],
    [
      'a cycle',
      (file) => {
        file.tasks[0]!.after = ['t2'];
      },
      'found a cycle in "after"',
    ],
    [
      'an id used twice',
      (file) => {
        file.messages[0]!.id = 't2';
      },
      'messages[0].id: found "t2" a second time',
    ],
    [
      'an unknown id in after',
      (file) => {
        file.tasks[1]!.after = ['mm1'];
      },
      'tasks[1].after[0]: found "mm1", expected the id of a task or message (did you mean "m1"?)',
    ],
  ])('with %s is refused in one line with its place', (_what, change, expected) => {
    const message = complaint(change);
    expect(message).toContain(`plan.json: ${expected}`);
    expect(message).not.toContain('\n');
  });

  it('that is missing or truncated is refused in one line', () => {
    expect(() => readPlanFile(join(folder, 'none.json'))).toThrow('none.json: found no such file');
    const file = join(folder, 'truncated.json');
    writeFileSync(file, JSON.stringify(good()).slice(0, -20));
    expect(() => readPlanFile(file)).toThrow(/truncated\.json: found text that is not valid JSON/);
  });

  it('of any bytes is read or refused in one line', () => {
    const file = join(folder, 'fuzz.json');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        writeFileSync(file, bytes);
        ends(() => readPlanFile(file));
      }),
    );
  });

  it('of any JSON is read or refused in one line', () => {
    fc.assert(fc.property(fc.jsonValue(), (data) => ends(() => parsePlanFile(data, 'fuzz'))));
  });

  it('that is right but for one value is read or refused in one line', () => {
    const paths = leaves(good());
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1e300, '1 s', 't1', 'm1', 'alpha', 'wire'));
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, replacement) => {
        const data = structuredClone(good()) as never;
        const holder = path.slice(0, -1).reduce<Record<string, never>>((here, step) => here[step]!, data);
        holder[path.at(-1)!] = replacement as never;
        ends(() => parsePlanFile(data, 'fuzz'));
      }),
      { numRuns: 500 },
    );
  });
});

/** Ends well, or with the one error that people see. */
function ends(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(NonnError);
    expect((error as Error).message).not.toContain('\n');
  }
}

/** Paths of everything in plain data. */
function leaves(data: unknown, path: string[] = []): string[][] {
  if (data === null || typeof data !== 'object') return [path];
  const below = Object.entries(data).flatMap(([key, value]) => leaves(value, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}
