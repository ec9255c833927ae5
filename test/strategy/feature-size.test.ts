import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetworkBuilder, zooNetwork } from '../../src/network/index.js';
import { assumePartition } from '../../src/partition/index.js';
import { featuresOfTeacher, joinStudents } from '../../src/strategy/index.js';

describe("a student's features", () => {
  it("come out in the size of the teacher's, whatever size the student's map has", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, size, size, (rows, columns, height, width) => {
        const body = new NetworkBuilder('body');
        const map = body.relu(body.conv2d(body.input([rows, columns, 3]), { filters: 2, kernel: 3 }));
        const student = body.build(body.dense(body.globalAvgPool(map), { units: 2 }));
        const partition = assumePartition(5, 2, [3, 2]);
        const joint = joinStudents('joint', [student, student], partition, 7, [height, width]);
        const shapes = joint.students.map(({ features }) => joint.network.shapes.get(features));
        expect(shapes).toEqual([
          [height, width, 3],
          [height, width, 2],
        ]);
        expect(joint.network.shapes.get(joint.network.output)).toEqual([1, 1, 7]);
      }),
    );
  });

  it('are enlarged or averaged, not both, where one size divides the other', () => {
    const kinds = (size: readonly [number, number]) => {
      const { network, students } = joinStudents(
        'joint',
        [zooNetwork('wrn-10-1')],
        assumePartition(4, 1, 'equal'),
        10,
        size,
      );
      return network.layers.filter(({ id }) => students[0]!.layers.has(id)).at(-1)!.kind;
    };
    // The map of WRN-10-1 is 8x8.
    expect(kinds([4, 4])).toBe('avgPool');
    expect(kinds([16, 16])).toBe('upsample');
    expect(kinds([8, 8])).toBe('activation');
    expect(kinds([1, 1])).toBe('globalAvgPool');
  });
});

describe("a teacher's features", () => {
  it('are the means that it takes itself', () => {
    const teacher = zooNetwork('wrn-16-1');
    expect(featuresOfTeacher(teacher)).toEqual({ teacher, layer: 'pool' });
    expect(featuresOfTeacher(teacher, 'map').layer).toBe('pool');
  });

  it('are the means of a map that it flattens, or the map as it is', () => {
    const { teacher, layer } = featuresOfTeacher(zooNetwork('lenet5'));
    expect(teacher.shapes.get(layer)).toEqual([1, 1, 16]);
    expect(teacher.output).toBe(zooNetwork('lenet5').output);
    const map = featuresOfTeacher(zooNetwork('lenet5'), 'map');
    expect(map.teacher.shapes.get(map.layer)).toEqual([5, 5, 16]);
  });

  it('are refused of a teacher without a convolution', () => {
    const builder = new NetworkBuilder('dense-only');
    const network = builder.build(builder.dense(builder.flatten(builder.input([4, 4, 1])), { units: 2 }));
    expect(() => featuresOfTeacher(network)).toThrow(/network dense-only: found no convolution/);
  });
});
