import { complain, NonnError } from '../foundation/index.js';

/** Which filters of the teacher's last convolution each student learns. */
export interface Partition {
  /** Filters of the teacher's last convolution layer. */
  readonly filters: number;
  readonly students: readonly (readonly number[])[];
  /** Filters that no student has. */
  readonly unassigned: readonly number[];
  /** True where sizes were assumed instead of found from a filter network. */
  readonly assumed: boolean;
}

/** How a partition is assumed where there is no trained teacher: equal shares, or given sizes. */
export type Assumption = 'equal' | readonly number[];

/**
 * A partition into consecutive filters: sizes matter to cost, and no claim about communities is made.
 * @throws NonnError if the sizes do not fit the filters or the number of students.
 */
export function assumePartition(filters: number, students: number, assumption: Assumption): Partition {
  const sizes =
    assumption === 'equal'
      ? Array.from(
          { length: students },
          (_, index) =>
            Math.floor((filters * (index + 1)) / students) - Math.floor((filters * index) / students),
        )
      : assumption;
  if (sizes.length !== students) {
    throw complain({
      file: 'partition',
      path: 'assumed',
      found: `${sizes.length} sizes`,
      expected: `${students}, one a student`,
    });
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total > filters || sizes.some((size) => size < 1)) {
    throw new NonnError(
      `partition: found sizes ${sizes.join(', ')}, expected positive ones that sum to at most the teacher's ${filters} filters`,
    );
  }
  let from = 0;
  const groups = sizes.map((size) => {
    const group = Array.from({ length: size }, (_, index) => from + index);
    from += size;
    return group;
  });
  return {
    filters,
    students: groups,
    unassigned: Array.from({ length: filters - from }, (_, index) => from + index),
    assumed: true,
  };
}
