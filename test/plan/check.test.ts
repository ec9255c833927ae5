import { describe, expect, it } from 'vitest';
import { checkPlan, type Piece, type Plan } from '../../src/plan/index.js';

function piece(id: string): Piece {
  return {
    id,
    network: 'n',
    layer: id,
    rows: [0, 1],
    columns: [0, 1],
    channels: [0, 4],
    dtype: 'float32',
    bytes: 16,
  };
}

const run = { kind: 'kernels', kernels: [] } as const;

/** a computes x from the input and sends it to b, which decodes it and computes the output y. */
const good: Plan = {
  version: 1,
  strategy: 'test',
  devices: ['a', 'b'],
  pieces: ['in', 'x', 'y'].map(piece),
  tasks: [
    { id: 'first', work: run, reads: ['in'], writes: ['x'], after: [], place: { device: 'a' } },
    {
      id: 'encode',
      work: { kind: 'encode', bytes: 16 },
      reads: ['x'],
      writes: [],
      after: ['first'],
      place: { device: 'a' },
    },
    {
      id: 'decode',
      work: { kind: 'decode', bytes: 16 },
      reads: ['x'],
      writes: [],
      after: ['send'],
      place: { device: 'b' },
    },
    { id: 'second', work: run, reads: ['x'], writes: ['y'], after: ['decode'], place: { device: 'b' } },
  ],
  messages: [
    { id: 'send', from: 'a', to: 'b', pieces: ['x'], payloadBytes: 16, frameBytes: 84, after: ['encode'] },
  ],
  pools: [],
  input: { piece: 'in', device: 'a' },
  output: { piece: 'y', device: 'b' },
  resident: [{ device: 'a', network: 'n', layers: ['x'], bytes: 100 }],
};

function withTask(index: number, change: object): Plan {
  return {
    ...good,
    tasks: good.tasks.map((task, at) => (at === index ? { ...task, ...change } : task)),
  };
}

function withMessage(change: object): Plan {
  return { ...good, messages: [{ ...good.messages[0]!, ...change }] };
}

function complaint(plan: Plan): string {
  try {
    checkPlan(plan, 'plan.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('checkPlan', () => {
  it('passes a plan in which every piece is where it is read', () => {
    expect(complaint(good)).toBe('nothing');
  });

  it('names the members of a cycle, in the order in which they wait for each other', () => {
    expect(complaint(withTask(0, { after: ['second'] }))).toMatch(
      /found a cycle in "after": (.*), expected tasks and messages that never wait for themselves/,
    );
    const members = /"after": (.*), expected/.exec(complaint(withTask(0, { after: ['second'] })))![1]!;
    const ring = members.split(' before ');
    expect(ring[0]).toBe(ring.at(-1));
    expect(new Set(ring)).toEqual(new Set(['first', 'encode', 'send', 'decode', 'second']));
    expect(ring[(ring.indexOf('encode') + 1) % 5]).toBe('send');
  });

  it('names a task that waits for itself', () => {
    expect(complaint(withTask(0, { after: ['first'] }))).toContain('"after": first before first');
  });

  it.each<[string, Plan, string]>([
    ['an id used twice', withMessage({ id: 'first' }), 'messages[0].id: found "first" a second time'],
    [
      'an unknown id in after, with the nearest',
      withTask(1, { after: ['frist'] }),
      'tasks[1].after[0]: found "frist", expected the id of a task or message (did you mean "first"?)',
    ],
    [
      'an unknown device',
      withTask(0, { place: { device: 'c' } }),
      'tasks[0].place.device: found "c", expected the name of a device of the plan',
    ],
    ['an unknown piece', withTask(0, { reads: ['z'] }), 'tasks[0].reads[0]: found "z"'],
    ['an unknown pool', withTask(0, { place: { pool: 'p', home: 'a' } }), 'tasks[0].place.pool: found "p"'],
    [
      'a piece that nothing brings to the reader',
      withTask(3, { place: { device: 'a' }, reads: ['y'], writes: [] }),
      'tasks[3].reads[0]: found the piece "y", which nothing brings to a',
    ],
    [
      'a piece that is written, but not before it is read',
      withTask(1, { after: [] }),
      'tasks[1].reads[0]: found the piece "x", which nothing that it waits for brings to a',
    ],
    [
      'a message of pieces that its sender does not have',
      withMessage({ pieces: ['x', 'y'], payloadBytes: 32, frameBytes: 136 }),
      'messages[0].pieces[1]: found the piece "y", which nothing brings to a',
    ],
    [
      'the input read away from where it arrives',
      withTask(3, { reads: ['in'] }),
      'tasks[3].reads[0]: found the piece "in", which nothing brings to b',
    ],
    [
      'an output that never reaches the sink',
      { ...good, output: { piece: 'y', device: 'a' } },
      'output: found the piece "y", which nothing brings to a',
    ],
    [
      'a payload that is not the sum of its pieces',
      withMessage({ payloadBytes: 20 }),
      'messages[0].payloadBytes: found 20, expected 16, the bytes of its pieces',
    ],
    ['a frame smaller than its payload', withMessage({ frameBytes: 4 }), 'messages[0].frameBytes: found 4'],
    ['a device named twice', { ...good, devices: ['a', 'b', 'a'] }, 'devices[2]: found "a" a second time'],
  ])('refuses %s', (_what, plan, expected) => {
    expect(complaint(plan)).toContain(`plan.json: ${expected}`);
  });

  it('lets every device read the input where it arrives on every device', () => {
    expect(complaint({ ...withTask(3, { reads: ['in', 'x'] }), inputAt: 'everyDevice' })).toBe('nothing');
  });
});
