import { complain, nearest } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import type { Plan } from './plan.js';

/** The tasks of a plan, then its messages, as one numbered graph: what is before what. */
export interface Precedence {
  /** Number of each task (from 0, in the order of the file) and message (after the last task). */
  readonly indexOf: ReadonlyMap<Id, number>;
  /** Numbers of what each one waits for. */
  readonly before: readonly (readonly number[])[];
  /** All numbers, each after everything that it waits for. */
  readonly order: readonly number[];
}

/**
 * Numbers the activities of a plan and orders them.
 * @throws NonnError for an id that is there twice, an unknown id in an `after`, or a cycle (naming its members).
 */
export function precedence(plan: Plan, file = ''): Precedence {
  const indexOf = new Map<Id, number>();
  const activities = [...plan.tasks, ...plan.messages];
  const path = (index: number) =>
    index < plan.tasks.length ? `tasks[${index}]` : `messages[${index - plan.tasks.length}]`;
  activities.forEach(({ id }, index) => {
    const first = indexOf.get(id);
    if (first !== undefined)
      throw complain({
        file,
        path: `${path(index)}.id`,
        found: `"${id}" a second time (it is ${path(first)} as well)`,
        expected: 'an id of its own for every task and message',
      });
    indexOf.set(id, index);
  });
  const before = activities.map(({ after }, index) =>
    after.map((id, position) => {
      const number = indexOf.get(id);
      if (number === undefined)
        throw complain({
          file,
          path: `${path(index)}.after[${position}]`,
          found: `"${id}"`,
          expected: 'the id of a task or message',
          suggestion: nearest(id, indexOf.keys()),
        });
      return number;
    }),
  );
  return { indexOf, before, order: topologicalOrder(activities, before, file) };
}

/** Kahn's algorithm; what is left over contains a cycle. */
function topologicalOrder(
  activities: readonly { readonly id: Id }[],
  before: readonly (readonly number[])[],
  file: string,
): number[] {
  const after: number[][] = activities.map(() => []);
  const waiting = before.map((list, index) => {
    for (const number of list) after[number]!.push(index);
    return list.length;
  });
  const order = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let next = 0; next < order.length; next++)
    for (const index of after[order[next]!]!) if (--waiting[index]! === 0) order.push(index);
  if (order.length < activities.length) {
    const members = cycle(before, waiting).map((index) => activities[index]!.id);
    const shown =
      members.length > 12 ? [...members.slice(0, 11), '...', members[0]!] : [...members, members[0]!];
    throw complain({
      file,
      found: `a cycle in "after": ${shown.map((id) => show(id)).join(' before ')}`,
      expected: 'tasks and messages that never wait for themselves',
    });
  }
  return order;
}

function show(id: Id): string {
  return id.length > 40 ? `${id.slice(0, 37)}...` : id;
}

/** Walks backwards among what never became free until it meets itself; members in the order of execution. */
function cycle(before: readonly (readonly number[])[], waiting: readonly number[]): number[] {
  const trail: number[] = [];
  const position = new Map<number, number>();
  let here = waiting.findIndex((count) => count > 0);
  while (!position.has(here)) {
    position.set(here, trail.length);
    trail.push(here);
    here = before[here]!.find((number) => waiting[number]! > 0)!;
  }
  return trail.slice(position.get(here)).reverse();
}
