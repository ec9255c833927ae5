import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Network, NetworkBuilder } from '../../src/network/index.js';
import type { Plan } from '../../src/plan/index.js';
import { type Backend, execute, executeWhole, openBackend, preparePlan } from '../../src/runtime/index.js';
import { planHorizontal, type Setting } from '../../src/strategy/index.js';

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('tfjs-wasm');
});

const network = twoConvolutions();
const networks = new Map([[network.id, network]]);
const image = Float32Array.from({ length: 8 * 8 * 3 }, (_, index) => ((index * 37) % 256) / 255);
const two: Setting = {
  devices: ['a', 'b'],
  source: 'a',
  sink: 'a',
  inputAt: 'source',
  inputType: 'float32',
};
const { plan } = planHorizontal(network, two);
const run = (of: Plan, input = image) => execute(of, networks, input, { seed: 1, backend });

describe('an executed plan', () => {
  it('gives the same output again and again from one preparation', () => {
    const prepared = preparePlan(plan, networks, { seed: 1, backend });
    const before = tf.memory().numTensors;
    const first = prepared.run(image).output;
    const loaded = tf.memory().numTensors;
    expect(prepared.run(image).output).toEqual(first);
    expect(tf.memory().numTensors).toBe(loaded);
    prepared.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('turns numbers into bytes at the door where the input is an image of bytes', () => {
    const bytes = planHorizontal(network, { ...two, inputType: 'uint8' }).plan;
    const rounded = image.map((value) => Math.round(255 * (value * 0.9721)) / 255);
    const output = run(
      bytes,
      image.map((value) => value * 0.9721),
    ).output;
    expect(output).toEqual(run(bytes, rounded).output);
    expect(output.length).toBe(executeWhole(network, rounded, { seed: 1, backend }).length);
  });

  it('traces every task on its device and every message between two, in an order that the plan allows', () => {
    const { trace } = run(plan);
    const finish = new Map(trace.spans.map((span) => [span.of, span.finish]));
    for (const { id, after } of [...plan.tasks, ...plan.messages]) {
      const span = trace.spans.find((one) => one.of === id)!;
      expect(span.start).toBeGreaterThanOrEqual(span.ready);
      for (const before of after) expect(span.ready).toBeGreaterThanOrEqual(finish.get(before)!);
    }
    expect(new Set(trace.spans.map(({ lane }) => lane))).toEqual(new Set(['a', 'b', 'a>b', 'b>a']));
  });

  it('counts the weights that each device uses, and what it holds at its peak', () => {
    const { memory } = run(plan).trace;
    const convolutions = 4 * (3 * 3 * 3 * 4 + 4 + 3 * 3 * 4 * 4 + 4);
    const [a, b] = memory;
    expect(b!.weights).toBe(convolutions);
    expect(a!.weights).toBe(convolutions + 4 * (8 * 8 * 4 * 2 + 2));
    for (const { peak, weights, activations, buffers } of memory)
      expect(peak).toBe(weights + activations + buffers);
  });

  it('leaves energy unknown, and says what is missing', () => {
    for (const { total, missing } of run(plan).trace.energy) {
      expect(total).toBeNull();
      expect(missing).toBe('measured power');
    }
  });
});

describe('a plan that does not say what would really run is refused', () => {
  const without = <T extends { id: string }>(list: readonly T[], id: string) =>
    list.filter((entry) => entry.id !== id);

  it('when a device reads a piece that nobody brought', () => {
    const decode = plan.tasks.find(({ work }) => work.kind === 'decode')!;
    const forgotten: Plan = {
      ...plan,
      tasks: without(plan.tasks, decode.id).map((task) => ({
        ...task,
        after: task.after.filter((id) => id !== decode.id),
      })),
    };
    expect(() => run(forgotten)).toThrow(/found that device ".*" does not hold piece ".*"/);
  });

  it('when it counts other kernels than those that run', () => {
    const task = plan.tasks.find(({ work }) => work.kind === 'kernels')!;
    const idle: Plan = {
      ...plan,
      tasks: plan.tasks.map((other) =>
        other === task ? { ...other, work: { kind: 'kernels', kernels: [] } } : other,
      ),
    };
    expect(() => run(idle)).toThrow(/found no kernel as kernel 0, expected .*, which runs/);
  });

  it('when it sends other bytes than it says', () => {
    const light: Plan = {
      ...plan,
      messages: plan.messages.map((message) => ({ ...message, frameBytes: message.frameBytes - 1 })),
    };
    expect(() => run(light)).toThrow(/found a frame of \d+ bytes, expected \d+, which are sent/);
  });

  it('when the weights of a task are elsewhere', () => {
    const bare: Plan = { ...plan, resident: plan.resident.filter(({ device }) => device !== 'b') };
    expect(() => run(bare)).toThrow(/found no weights of ".*" on device "b"/);
  });

  it('when the input has another size', () => {
    expect(() => run(plan, image.subarray(1))).toThrow(/found an input of 191 numbers, expected 8x8x3/);
  });

  it('and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    expect(() => run({ ...plan, messages: [] })).toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});

function twoConvolutions(): Network {
  const b = new NetworkBuilder('two-convolutions');
  const first = b.relu(b.conv2d(b.input([8, 8, 3]), { filters: 4, kernel: 3 }));
  const second = b.relu(b.conv2d(first, { filters: 4, kernel: 3 }));
  return b.build(b.dense(second, { units: 2 }));
}
