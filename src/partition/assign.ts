import { NonnError } from '../foundation/index.js';
import { largestFirst } from './communities.js';

/**
 * `published`: as in the authors' code. Communities of equal size (those of one filter among them, which are noise) are
 * pooled, the largest pool is left out, and the others go to students.
 * `balanced`: every filter goes to a student, those without a community too.
 */
export type Pooling = 'published' | 'balanced';

/** Filters of each student, and those that no student has; all ascending. */
export interface Assignment {
  readonly students: readonly (readonly number[])[];
  readonly unassigned: readonly number[];
}

/**
 * Shares communities out: the largest go one to each student, every further one to the student with the fewest
 * filters (of equal ones, the first).
 *
 * @throws NonnError if there are fewer groups than students.
 */
export function assignCommunities(
  communities: readonly (readonly number[])[],
  filters: number,
  students: number,
  pooling: Pooling,
): Assignment {
  const groups =
    pooling === 'published'
      ? poolBySize(communities).slice(1)
      : [...communities, ...alone(communities, filters)];
  if (groups.length < students) {
    const left = pooling === 'published' ? ' that the published pooling leaves' : '';
    throw new NonnError(
      `partition: found ${students} students for ${groups.length} groups of filters${left}, expected at most one for each`,
    );
  }
  const shares: number[][] = Array.from({ length: students }, () => []);
  for (const [index, group] of [...groups].sort(largestFirst).entries()) {
    const target = index < students ? shares[index]! : shares.reduce((a, b) => (b.length < a.length ? b : a));
    target.push(...group);
  }
  const assigned = new Set(shares.flat());
  const ascending = shares.map((share) => share.sort((a, b) => a - b)).sort(largestFirst);
  return {
    students: ascending,
    unassigned: Array.from({ length: filters }, (_, filter) => filter).filter(
      (filter) => !assigned.has(filter),
    ),
  };
}

function poolBySize(communities: readonly (readonly number[])[]): number[][] {
  const pools = new Map<number, number[]>();
  for (const community of communities) {
    const pool = pools.get(community.length) ?? [];
    pools.set(community.length, pool);
    pool.push(...community);
  }
  return [...pools.values()].map((pool) => pool.sort((a, b) => a - b)).sort(largestFirst);
}

/** Filters that no community has, each a group of its own. */
function alone(communities: readonly (readonly number[])[], filters: number): number[][] {
  const joined = new Set(communities.flat());
  return Array.from({ length: filters }, (_, filter) => [filter]).filter(([filter]) => !joined.has(filter!));
}
