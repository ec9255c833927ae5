import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionTeacher, teacherFilterNetwork } from '../../../src/learn/experiment/partition-teacher.js';
import { type DataSet, findTeacher, type ImageSet, readTeacher } from '../../../src/learn/index.js';
import { trainable } from '../../../src/learn/train/index.js';
import { NetworkBuilder, storeWeights, weightsOf, zooNetwork } from '../../../src/network/index.js';
import { openBackend } from '../../../src/runtime/index.js';
import { featuresOfTeacher } from '../../../src/strategy/index.js';

beforeAll(async () => {
  await openBackend('tfjs-cpu');
});

const folder = mkdtempSync(join(tmpdir(), 'nonn-teacher-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Images of 2x1 pixels and one channel. */
function images(...pixels: readonly (readonly [number, number])[]): ImageSet {
  return {
    classes: ['a', 'b'],
    shape: [2, 1, 1],
    images: Uint8Array.from(pixels.flat()),
    labels: Uint8Array.from(pixels, (_, index) => index % 2),
  };
}

/** A teacher of three filters that see the pixel times 1, times 1/2 and times -1; its last map is flattened. */
function teacher() {
  const builder = new NetworkBuilder('three');
  const map = builder.conv2d(builder.input([2, 1, 1]), { filters: 3, kernel: 1, bias: false, name: 'conv' });
  const network = builder.build(builder.dense(builder.flatten(map), { units: 2, name: 'classes' }));
  const { teacher: watched, layer } = featuresOfTeacher(network);
  return {
    running: trainable(watched, 1, (id) => (id === 'conv' ? { kernel: Float32Array.of(1, 0.5, -1) } : {})),
    layer,
  };
}

describe("a teacher's filter network", () => {
  it('equals a case worked out by hand: means over the map, negative ones 0, divided by the largest', () => {
    const { running, layer } = teacher();
    // The means of the images are 0.4 and 1, so activities are (0.4, 0.2, -0.4) and (1, 0.5, -1); both are (1, 0.5, 0) as
    // shares of the largest: 1 * 0.5 * |1 - 0.5| for the first pair and 0 for the others, twice.
    const seen = teacherFilterNetwork(running, layer, images([51, 153], [255, 255]));
    expect(seen.filters).toBe(3);
    expect(seen.weights[0]![1]).toBeCloseTo(0.5, 6);
    expect(seen.weights[1]![0]).toBe(seen.weights[0]![1]);
    expect([seen.weights[0]![2], seen.weights[1]![2]]).toEqual([0, 0]);
  });

  it('shares the filters out, all of them in the balanced way', () => {
    const { running, layer } = teacher();
    const data: DataSet = {
      name: 'two',
      train: images([1, 2]),
      validation: images([51, 153]),
      test: images([1, 2]),
    };
    const stage = {
      kind: 'nonn',
      id: 'two-students',
      teacher: 'teacher',
      students: { count: 2, budget: { parameters: 1e6 } },
      partition: { pool: 'balanced' },
      loss: {},
    } as const;
    expect(partitionTeacher(running, layer, data, stage, 1)).toEqual({
      filters: 3,
      students: [[0, 1], [2]],
      unassigned: [],
      assumed: false,
    });
    expect(() => partitionTeacher(running, layer, { ...data, validation: null }, stage, 1)).toThrow(
      /training two-students: found no validation images/,
    );
  });
});

describe('a trained teacher', () => {
  const network = zooNetwork('wrn-10-1', { input: 8, classes: 3 });
  const drawn = (id: string) =>
    Object.fromEntries(
      weightsOf(network, network.byId.get(id)!).map(({ name, shape }) => [
        name,
        new Float32Array(shape.reduce((a, b) => a * b, 1)),
      ]),
    );
  const file = join(folder, 'w.safetensors');
  writeFileSync(file, storeWeights(network, drawn));

  it('has the classes that its weights have', () => {
    const read = readTeacher(findTeacher(file, 'wrn-10-1'), [8, 8, 3]);
    expect(read.shapes.get(read.output)).toEqual([1, 1, 3]);
    expect(read.weights!('conv1')['kernel']).toHaveLength(3 * 3 * 3 * 16);
  });

  it.each([
    [
      'weights alone',
      () => findTeacher(file),
      /found ".*" without --network, expected the name of the weights' network/,
    ],
    ['a folder without a record', () => findTeacher(folder), /record\.json: found no such file/],
    [
      'a deeper network than its weights',
      () => readTeacher(findTeacher(file, 'wrn-16-1'), [8, 8, 3]),
      /found no tensor group1\/block2\/.*, expected those of network wrn-16-1/,
    ],
    [
      'a wider one',
      () => readTeacher(findTeacher(file, 'wrn-10-2'), [8, 8, 3]),
      /expected 3x3x16x32, as network wrn-10-2 has|expected those of network wrn-10-2/,
    ],
    [
      'grey images for colour weights',
      () => readTeacher(findTeacher(file, 'wrn-10-1'), [8, 8, 1]),
      /tensor conv1\/kernel: found 3x3x3x16 numbers, expected 3x3x1x16/,
    ],
    ['an unknown network', () => readTeacher(findTeacher(file, 'wrm-10-1'), [8, 8, 3]), /did you mean/],
  ])('refuses %s in a sentence', (_name, act, sentence) => {
    expect(act).toThrow(sentence);
  });
});
