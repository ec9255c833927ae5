import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assumePartition } from '../../src/partition/index.js';

describe('an assumed partition', () => {
  it('gives every filter to one student, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 0, max: 500 }), (students, more) => {
        const { students: groups, unassigned } = assumePartition(students + more, students, 'equal');
        const sizes = groups.map((group) => group.length);
        expect(groups.flat()).toEqual(Array.from({ length: students + more }, (_, filter) => filter));
        expect(unassigned).toEqual([]);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('lists the filters that given sizes leave over', () => {
    expect(assumePartition(6, 2, [3, 1])).toEqual({
      filters: 6,
      students: [[0, 1, 2], [3]],
      unassigned: [4, 5],
      assumed: true,
    });
  });

  it('refuses sizes that exceed the filters, are empty, or are not one a student', () => {
    expect(() => assumePartition(6, 2, [4, 3])).toThrow(
      /found sizes 4, 3, expected positive ones that sum to at most/,
    );
    expect(() => assumePartition(6, 2, [6, 0])).toThrow(/expected positive ones/);
    expect(() => assumePartition(6, 2, [1, 2, 3])).toThrow(/found 3 sizes, expected 2, one a student/);
  });
});
