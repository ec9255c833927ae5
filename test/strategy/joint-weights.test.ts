import { describe, expect, it } from 'vitest';
import { NetworkBuilder, networkHash } from '../../src/network/index.js';
import { assumePartition } from '../../src/partition/index.js';
import { joinStudents } from '../../src/strategy/index.js';

function body(id: string) {
  const b = new NetworkBuilder(id);
  const map = b.conv2d(b.input([8, 8, 1]), { filters: 2, kernel: 3, name: 'first' });
  return b.build(b.dense(b.globalAvgPool(b.relu(map)), { units: 3, name: 'last' }));
}

describe('a network of students that came with weights', () => {
  const given = { kernel: Float32Array.of(1, 2), bias: Float32Array.of(3) };
  const trained = { ...body('a'), weights: (layer: string) => (layer === 'first' ? given : {}) };
  const join = (bodies: Parameters<typeof joinStudents>[1]) =>
    joinStudents('joint', bodies, assumePartition(4, 2, 'equal'), 3).network;

  it('has them in the layers of the students that brought them, and none in its heads', () => {
    const network = join([trained, body('b')]);
    expect(network.weights!('s1.first')).toBe(given);
    for (const layer of ['s2.first', 's1.features.conv', 'classes', 'first', 'nowhere'])
      expect(network.weights!(layer)).toEqual({});
  });

  it('is the same network as without them, and says that it has none where nobody brought any', () => {
    expect(networkHash(join([trained, trained]))).toBe(networkHash(join([body('a'), body('b')])));
    expect(join([body('a'), body('b')]).weights).toBeUndefined();
  });
});
