import type { Cost, Platform } from '../device/index.js';
import { complain, NonnError, nearest } from '../foundation/index.js';
import { homeOf, movedOnDevices, type Plan, precedence } from '../plan/index.js';
import type { SharedLinks } from './fair-sharing.js';
import { finishingActivities } from './finishing.js';

/**
 * A plan on a platform as flat arrays. Activities are its tasks, then its messages, numbered in the order of
 * the file; every cost was asked for once.
 */
export interface CompiledPlan {
  readonly plan: Plan;
  readonly devices: number;
  readonly tasks: number;
  readonly activities: number;
  /** [tasks]: number of the device in `plan.devices`. */
  readonly device: Int32Array;
  /** [tasks]: seconds. */
  readonly duration: Float64Array;
  /** [messages]: seconds before the first byte flows. */
  readonly latency: Float64Array;
  /** [messages]: what flows then; 0 if nothing does. */
  readonly amount: Float64Array;
  /** [messages]: 1 if it stays on its device and takes no time. */
  readonly instant: Uint8Array;
  readonly links: SharedLinks;
  /** [activities]: how many others each waits for. */
  readonly waits: Int32Array;
  /** [activities + 1]: where the successors of each start in `successors`. */
  readonly successorStart: Int32Array;
  readonly successors: Int32Array;
  /** Activities that wait for the arrival only. */
  readonly first: Int32Array;
  /** [activities]: 1 for those with whose last one the inference is finished. */
  readonly finishing: Uint8Array;
  readonly finishingCount: number;
  /** [activities]: cost of a task, or of the fixed part of a message. */
  readonly costs: readonly Cost[];
}

/**
 * Compiles a plan for `play`.
 * @throws NonnError if the plan has a cycle, a pool, a device that the platform lacks, or a message without a
 * route, or if a cost is not a finite number of seconds from 0 on.
 */
export function compilePlan(plan: Plan, platform: Platform): CompiledPlan {
  if (plan.pools.length > 0)
    throw complain({
      path: 'pools[0]',
      found: `the pool "${plan.pools[0]!.id}"`,
      expected: 'a plan without pools: the simulator does not play stealing',
    });
  const { before } = precedence(plan);
  const devices = deviceNumbers(plan, platform);
  const { tasks, messages } = plan;
  const activities = tasks.length + messages.length;
  const { costs: model, topology } = platform;
  const moved = movedOnDevices(plan);
  const costs = [
    ...tasks.map((task) =>
      within(task.id, () => model.task(task.work, homeOf(task), moved.get(homeOf(task)))),
    ),
    ...messages.map(({ id, frameBytes, from, to }) =>
      within(id, () => (from === to ? free : model.message(frameBytes, from, to))),
    ),
  ];
  costs.forEach((cost, index) => {
    if (!(cost.seconds >= 0 && cost.seconds < Number.POSITIVE_INFINITY))
      throw complain({
        path: (tasks[index] ?? messages[index - tasks.length]!).id,
        found: `a duration of ${cost.seconds} s`,
        expected: 'a finite number of seconds from 0 on',
      });
  });
  const transfers = messages.map(({ id, frameBytes, from, to }) =>
    within(id, () => topology.transfer(frameBytes, from, to)),
  );
  const seconds = Float64Array.from(costs, (cost) => cost.seconds);
  const finishing = finishingActivities(plan);
  return {
    plan,
    devices: plan.devices.length,
    tasks: tasks.length,
    activities,
    device: Int32Array.from(tasks, (task) => devices.get(homeOf(task))!),
    duration: seconds.slice(0, tasks.length),
    latency: seconds.slice(tasks.length),
    amount: Float64Array.from(transfers, (transfer) => transfer.amount),
    instant: Uint8Array.from(messages, ({ from, to }) => (from === to ? 1 : 0)),
    links: sharedLinks(topology.links, transfers),
    waits: Int32Array.from(before, (list) => list.length),
    ...successorsOf(before),
    first: Int32Array.from(before.flatMap((list, index) => (list.length === 0 ? [index] : []))),
    finishing: Uint8Array.from({ length: activities }, (_, index) => (finishing.has(index) ? 1 : 0)),
    finishingCount: finishing.size,
    costs,
  };
}

const free: Cost = { seconds: 0, low: 0, high: 0, source: 'given' };

/** Says of which task or message a complaint of the cost model or the topology is. */
function within<T>(id: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NonnError) throw new NonnError(`${id}: ${error.message}`, error.exitCode);
    throw error;
  }
}

function deviceNumbers(plan: Plan, platform: Platform): ReadonlyMap<string, number> {
  const available = new Set(platform.devices.map(({ name }) => name));
  const numbers = new Map(plan.devices.map((name, index) => [name, index]));
  const check = (valid: ReadonlySet<string> | ReadonlyMap<string, number>, name: string, path: string) => {
    if (!valid.has(name))
      throw complain({
        path,
        found: `"${name}"`,
        expected: valid === available ? 'a device of the cluster' : 'a device of the plan',
        suggestion: nearest(name, valid.keys()),
      });
  };
  plan.devices.forEach((name, index) => {
    check(available, name, `devices[${index}]`);
  });
  plan.tasks.forEach((task, index) => {
    check(numbers, homeOf(task), `tasks[${index}].place.device`);
  });
  plan.messages.forEach((message, index) => {
    check(numbers, message.from, `messages[${index}].from`);
    check(numbers, message.to, `messages[${index}].to`);
  });
  return numbers;
}

function sharedLinks(
  links: Platform['topology']['links'],
  transfers: readonly ReturnType<Platform['topology']['transfer']>[],
): SharedLinks {
  links.forEach(({ name, capacity }, index) => {
    if (!(capacity > 0))
      throw complain({
        path: `links[${index}]`,
        found: `${name} of capacity ${capacity}`,
        expected: 'more than 0',
      });
  });
  const useStart = new Int32Array(transfers.length + 1);
  const useLink: number[] = [];
  const useWeight: number[] = [];
  transfers.forEach(({ uses }, index) => {
    const first = useLink.length;
    for (const { link, weight } of uses) {
      if (!(weight > 0)) continue;
      const again = useLink.indexOf(link, first);
      if (again >= 0) useWeight[again]! += weight;
      else {
        useLink.push(link);
        useWeight.push(weight);
      }
    }
    useStart[index + 1] = useLink.length;
  });
  return {
    capacity: Float64Array.from(links, ({ capacity }) => capacity),
    useStart,
    useLink: Int32Array.from(useLink),
    useWeight: Float64Array.from(useWeight),
    bound: Float64Array.from(transfers, ({ bound }) => bound),
  };
}

function successorsOf(before: readonly (readonly number[])[]) {
  const successorStart = new Int32Array(before.length + 1);
  for (const list of before) for (const index of list) successorStart[index + 1]!++;
  for (let index = 0; index < before.length; index++) successorStart[index + 1]! += successorStart[index]!;
  const next = successorStart.slice();
  const successors = new Int32Array(successorStart[before.length]!);
  before.forEach((list, index) => {
    for (const earlier of list) successors[next[earlier]!++] = index;
  });
  return { successorStart, successors };
}
