import { describe, expect, it } from 'vitest';
import type { DeviceModel, Platform } from '../../src/device/index.js';
import type { Piece, Plan } from '../../src/plan/index.js';
import { simulate } from '../../src/simulate/index.js';

const KB = 1000;

function piece(id: string, bytes: number): Piece {
  return {
    id,
    network: 'n',
    layer: id,
    rows: [0, 1],
    columns: [0, 1],
    channels: [0, bytes / 4],
    dtype: 'float32',
    bytes,
  };
}

function device(name: string, change: Partial<DeviceModel> = {}): DeviceModel {
  return {
    name,
    profile: 'test',
    threads: 1,
    memory: null,
    runtimeBase: null,
    weightCopies: 1,
    power: { idle: null, compute: null, send: null, receive: null },
    powerPath: `${name}.power`,
    ...change,
  };
}

/** Each task takes 1 s; a message 0.5 s of latency and 0.5 s of flowing. */
function platform(...devices: DeviceModel[]): Platform {
  const cost = (seconds: number) => ({ seconds, low: seconds, high: seconds, source: 'given' as const });
  return {
    devices,
    costs: { task: () => cost(1), message: () => cost(0.5) },
    topology: {
      links: [{ name: 'wire', capacity: 1 }],
      transfer: () => ({ amount: 0.5, uses: [{ link: 0, weight: 1 }], bound: Number.POSITIVE_INFINITY }),
      crossings: () => 0,
    },
  };
}

const run = { kind: 'kernels', kernels: [] } as const;

/**
 * a: first 0..1 (reads in, writes x), encode 1..2 (cuts c out of x), message 2..3, meanwhile third 2..3 (x to z).
 * b: decode 3..4 (reads c), second 4..5 (reads c, writes y).
 */
const plan: Plan = {
  version: 1,
  strategy: 'test',
  devices: ['a', 'b'],
  pieces: [
    piece('in', 100 * KB),
    piece('x', 40 * KB),
    piece('c', 8 * KB),
    piece('z', 4 * KB),
    piece('y', 12 * KB),
  ],
  tasks: [
    { id: 'first', work: run, reads: ['in'], writes: ['x'], after: [], place: { device: 'a' } },
    {
      id: 'encode',
      work: { kind: 'encode', bytes: 8 * KB },
      reads: ['x'],
      writes: ['c'],
      after: ['first'],
      place: { device: 'a' },
    },
    { id: 'third', work: run, reads: ['x'], writes: ['z'], after: ['encode'], place: { device: 'a' } },
    {
      id: 'decode',
      work: { kind: 'decode', bytes: 8 * KB },
      reads: ['c'],
      writes: [],
      after: ['send'],
      place: { device: 'b' },
    },
    { id: 'second', work: run, reads: ['c'], writes: ['y'], after: ['decode'], place: { device: 'b' } },
  ],
  messages: [
    {
      id: 'send',
      from: 'a',
      to: 'b',
      pieces: ['c'],
      payloadBytes: 8 * KB,
      frameBytes: 9 * KB,
      after: ['encode'],
    },
  ],
  pools: [],
  input: { piece: 'in', device: 'a' },
  output: { piece: 'y', device: 'b' },
  resident: [
    { device: 'a', network: 'n', layers: ['x'], bytes: 1000 * KB },
    { device: 'a', network: 'n', layers: ['z'], bytes: 500 * KB },
    { device: 'b', network: 'n', layers: ['y'], bytes: 300 * KB },
  ],
};

describe('the memory of a device', () => {
  it('is that of the example worked out by hand', () => {
    const { memory } = simulate(plan, platform(device('a'), device('b')));
    // a: in and x live in 0..1: 140; x and the frame in 1..2: 49; x, z and the frame in 2..3: 53.
    // b: the frame in 2..3: 9; the frame and c in 3..4: 17; c and y in 4..5: 20.
    expect(memory).toEqual([
      { device: 'a', peak: 1640 * KB, weights: 1500 * KB, activations: 140 * KB, buffers: 0, base: null },
      { device: 'b', peak: 320 * KB, weights: 300 * KB, activations: 20 * KB, buffers: 0, base: null },
    ]);
  });

  it('counts the copies of weights that a runtime keeps, and its base where it is known', () => {
    const a = device('a', { weightCopies: 2, runtimeBase: 7 * KB });
    const { memory } = simulate(plan, platform(a, device('b')));
    expect(memory[0]).toMatchObject({ weights: 3000 * KB, base: 7 * KB, peak: 3147 * KB });
  });

  it('counts what a task holds only inside itself while it runs', () => {
    const tasks = plan.tasks.map((task) =>
      task.id === 'third' ? { ...task, transientBytes: 90 * KB } : task,
    );
    const { memory } = simulate({ ...plan, tasks }, platform(device('a'), device('b')));
    // a at 2..3: x, z, the frame and 90 inside.
    expect(memory[0]).toMatchObject({ activations: 134 * KB, buffers: 9 * KB });
  });

  it('adds up inferences that overlap', () => {
    const { memory } = simulate(plan, platform(device('a'), device('b')), {
      arrivals: { at: [0, 0] },
    });
    // Both inputs are there from 0, when the first x is written too.
    expect(memory[0]).toMatchObject({ activations: 240 * KB });
  });

  it('holds the input on every device that reads it, where it arrives on every device', () => {
    const tasks = plan.tasks.map((task) => (task.id === 'second' ? { ...task, reads: ['c', 'in'] } : task));
    const { memory } = simulate(
      { ...plan, tasks, inputAt: 'everyDevice' },
      platform(device('a'), device('b')),
    );
    expect(memory[1]).toMatchObject({ activations: 120 * KB });
  });
});
