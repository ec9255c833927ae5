import { complain, nearest } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import { type Precedence, precedence } from './order.js';
import type { Plan, Task } from './plan.js';

/**
 * Checks that a plan can be played and executed: ids are unique, names are known, nothing waits for itself,
 * and every piece is on a device before something there reads or sends it.
 *
 * @param file where the plan came from, for the sentence.
 * @throws NonnError naming the first fault with its JSON path.
 */
export function checkPlan(plan: Plan, file = ''): void {
  const devices = names(plan.devices, 'devices', file);
  const pieces = names(
    plan.pieces.map(({ id }) => id),
    'pieces',
    file,
  );
  const pools = names(
    plan.pools.map(({ id }) => id),
    'pools',
    file,
  );
  const known = (valid: ReadonlySet<Id>, id: Id, path: string, what: string) => {
    if (!valid.has(id))
      throw complain({ file, path, found: `"${id}"`, expected: what, suggestion: nearest(id, valid) });
  };
  const device = (id: Id, path: string) => known(devices, id, path, 'the name of a device of the plan');
  const piece = (id: Id, path: string) => known(pieces, id, path, 'the id of a piece of the plan');

  plan.tasks.forEach((task, index) => {
    const path = `tasks[${index}]`;
    if ('device' in task.place) device(task.place.device, `${path}.place.device`);
    else {
      known(pools, task.place.pool, `${path}.place.pool`, 'the id of a pool of the plan');
      device(task.place.home, `${path}.place.home`);
    }
    task.reads.forEach((id, position) => {
      piece(id, `${path}.reads[${position}]`);
    });
    task.writes.forEach((id, position) => {
      piece(id, `${path}.writes[${position}]`);
    });
  });
  plan.messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    device(message.from, `${path}.from`);
    device(message.to, `${path}.to`);
    message.pieces.forEach((id, position) => {
      piece(id, `${path}.pieces[${position}]`);
    });
  });
  plan.pools.forEach((pool, index) => {
    device(pool.coordinator, `pools[${index}].coordinator`);
    pool.thieves.forEach((id, position) => {
      device(id, `pools[${index}].thieves[${position}]`);
    });
  });
  plan.resident.forEach((resident, index) => {
    device(resident.device, `resident[${index}].device`);
  });
  if (plan.input !== undefined) {
    piece(plan.input.piece, 'input.piece');
    device(plan.input.device, 'input.device');
  }
  if (plan.output !== undefined) {
    piece(plan.output.piece, 'output.piece');
    device(plan.output.device, 'output.device');
  }
  checkBytes(plan, file);
  checkPieces(plan, precedence(plan, file), file);
}

function names(list: readonly Id[], path: string, file: string): ReadonlySet<Id> {
  const seen = new Set<Id>();
  list.forEach((id, index) => {
    if (seen.has(id))
      throw complain({
        file,
        path: `${path}[${index}]`,
        found: `"${id}" a second time`,
        expected: 'every one once',
      });
    seen.add(id);
  });
  return seen;
}

function checkBytes(plan: Plan, file: string): void {
  const bytesOf = new Map(plan.pieces.map(({ id, bytes }) => [id, bytes]));
  plan.messages.forEach(({ pieces, payloadBytes, frameBytes }, index) => {
    const sum = pieces.reduce((bytes, id) => bytes + bytesOf.get(id)!, 0);
    if (pieces.length > 0 && payloadBytes !== sum)
      throw complain({
        file,
        path: `messages[${index}].payloadBytes`,
        found: `${payloadBytes}`,
        expected: `${sum}, the bytes of its pieces`,
      });
    if (!(frameBytes >= payloadBytes))
      throw complain({
        file,
        path: `messages[${index}].frameBytes`,
        found: `${frameBytes}`,
        expected: `at least its payload of ${payloadBytes}`,
      });
  });
}

/** Every piece that is read, sent or wanted as the output comes from something earlier on the same device. */
function checkPieces(plan: Plan, { before, order }: Precedence, file: string): void {
  const { tasks, messages } = plan;
  const providers = new Map<string, number[]>();
  const provide = (device: Id | undefined, piece: Id, activity: number) => {
    const key = JSON.stringify([device ?? null, piece]);
    const list = providers.get(key);
    if (list === undefined) providers.set(key, [activity]);
    else list.push(activity);
  };
  tasks.forEach((task, index) => {
    for (const piece of task.writes) provide(deviceOf(task), piece, index);
  });
  messages.forEach((message, index) => {
    for (const piece of message.pieces) provide(message.to, piece, tasks.length + index);
  });
  const isEarlier = earlier(before, order);
  const arrives = (piece: Id, device: Id | undefined) =>
    plan.input?.piece === piece &&
    (plan.inputAt === 'everyDevice' || device === undefined || plan.input.device === device);
  // A task of a pool may run anywhere: what it writes is there for everyone who waits for it.
  const candidates = (piece: Id, device: Id | undefined) => [
    ...(providers.get(JSON.stringify([device ?? null, piece])) ?? []),
    ...(device === undefined ? [] : (providers.get(JSON.stringify([null, piece])) ?? [])),
  ];
  const require = (piece: Id, device: Id | undefined, reader: number, path: string) => {
    if (device === undefined || arrives(piece, device)) return;
    const from = candidates(piece, device);
    if (from.some((activity) => isEarlier(activity, reader))) return;
    throw complain({
      file,
      path,
      found: `the piece "${piece}", which nothing ${from.length > 0 ? 'that it waits for ' : ''}brings to ${device}`,
      expected: 'the input, or a piece that an earlier task there writes or an earlier message brings',
    });
  };

  tasks.forEach((task, index) => {
    task.reads.forEach((piece, position) => {
      require(piece, deviceOf(task), index, `tasks[${index}].reads[${position}]`);
    });
  });
  messages.forEach((message, index) => {
    message.pieces.forEach((piece, position) => {
      require(piece, message.from, tasks.length + index, `messages[${index}].pieces[${position}]`);
    });
  });
  if (plan.output !== undefined) {
    const { piece, device } = plan.output;
    if (!arrives(piece, device) && candidates(piece, device).length === 0)
      throw complain({
        file,
        path: 'output',
        found: `the piece "${piece}", which nothing brings to ${device}`,
        expected: 'a piece that a task there writes or a message brings',
      });
  }
}

function deviceOf(task: Task): Id | undefined {
  return 'device' in task.place ? task.place.device : undefined;
}

/** Whether one activity is an ancestor of another: a search backwards that never passes below its target. */
function earlier(before: readonly (readonly number[])[], order: readonly number[]) {
  const rank = new Int32Array(order.length);
  order.forEach((activity, position) => {
    rank[activity] = position;
  });
  const seen = new Int32Array(order.length);
  let search = 0;
  return (target: number, from: number): boolean => {
    search++;
    const stack = [from];
    while (stack.length > 0)
      for (const activity of before[stack.pop()!]!) {
        if (activity === target) return true;
        if (seen[activity] === search || rank[activity]! < rank[target]!) continue;
        seen[activity] = search;
        stack.push(activity);
      }
    return false;
  };
}
