import { homeOf, type Message, type Plan, type Task } from '../plan/index.js';

/** A moment of an inference: its arrival, its end, or the start or finish of a task or message. */
export type Moment =
  | { readonly at: 'arrival' | 'end' }
  | { readonly at: 'start' | 'finish'; readonly of: string };

/** Bytes that a device holds in every inference from one moment until the last of others. */
export interface Allocation {
  readonly device: string;
  readonly bytes: number;
  readonly part: 'activations' | 'buffers';
  readonly from: Moment;
  readonly until: readonly Moment[];
}

/**
 * What the devices of a plan hold besides weights, and from when until when.
 *
 * - A piece is held from the start of the task that writes it until the last task there that reads it and the
 *   last message from there that carries it; the input from its arrival, the output until the inference ends.
 * - What an encoding task writes goes straight into the buffer of its message and is counted there, unless
 *   another task of the device reads it.
 * - The frame of a message is held by its sender from the start of the encoding to the end of the transfer, by
 *   its receiver from the start of the message until it is decoded.
 * - What a message brings is held from the start of its decoding (the end of the message, where none is
 *   declared) until its last reader.
 * - What a task holds only inside itself is held while it runs.
 *
 * Tasks of pools count at home.
 */
export function allocations(plan: Plan): Allocation[] {
  const { tasks, messages } = plan;
  const bytesOf = new Map(plan.pieces.map(({ id, bytes }) => [id, bytes]));
  const readers = gather(
    tasks.flatMap((task) => task.reads.map((piece) => [key(homeOf(task), piece), task.id])),
  );
  const carriers = gather(
    messages.flatMap((message) => message.pieces.map((piece) => [key(message.from, piece), message.id])),
  );
  const encoders = new Map<string, Task[]>();
  const decoders = new Map<string, Task[]>();
  const taskById = new Map(tasks.map((task) => [task.id, task]));
  for (const message of messages) {
    const before = message.after.map((id) => taskById.get(id));
    encoders.set(
      message.id,
      before.filter((task) => task !== undefined && isCoding(task, 'encode', message.from)) as Task[],
    );
    decoders.set(message.id, []);
  }
  for (const task of tasks)
    for (const id of task.after) if (isCoding(task, 'decode')) decoders.get(id)?.push(task);

  const hold = (device: string, piece: string, from: Moment, own: readonly Moment[]): Allocation => ({
    device,
    bytes: bytesOf.get(piece) ?? 0,
    part: 'activations',
    from,
    until: [
      ...own,
      ...(readers.get(key(device, piece)) ?? []).map((of): Moment => ({ at: 'finish', of })),
      ...(carriers.get(key(device, piece)) ?? []).map((of): Moment => ({ at: 'finish', of })),
      ...(plan.output?.piece === piece && plan.output.device === device ? [{ at: 'end' } as const] : []),
    ],
  });

  const found: Allocation[] = [];
  if (plan.input !== undefined) {
    const { piece, device } = plan.input;
    const where = plan.inputAt === 'everyDevice' ? plan.devices : [device];
    for (const name of where) found.push(hold(name, piece, { at: 'arrival' }, []));
  }
  for (const task of tasks) {
    const device = homeOf(task);
    const encodes = task.work.kind === 'encode';
    for (const piece of task.writes) {
      if (encodes && (task.reads.includes(piece) || !readers.has(key(device, piece)))) continue;
      found.push(hold(device, piece, { at: 'start', of: task.id }, [{ at: 'finish', of: task.id }]));
    }
    if ((task.transientBytes ?? 0) > 0)
      found.push({
        device,
        bytes: task.transientBytes!,
        part: 'activations',
        from: { at: 'start', of: task.id },
        until: [{ at: 'finish', of: task.id }],
      });
  }
  for (const message of messages) {
    if (message.from === message.to) continue;
    found.push(...ofMessage(message, encoders.get(message.id)!, decoders.get(message.id)!, hold));
  }
  return found;
}

function ofMessage(
  { id, from, to, pieces, frameBytes }: Message,
  encoders: readonly Task[],
  decoders: readonly Task[],
  hold: (device: string, piece: string, from: Moment, own: readonly Moment[]) => Allocation,
): Allocation[] {
  const finish: Moment = { at: 'finish', of: id };
  const buffer = { bytes: frameBytes, part: 'buffers' as const };
  const decoded = decoders.map((task): Moment => ({ at: 'finish', of: task.id }));
  const encoded: Moment = { at: 'start', of: encoders[0]?.id ?? id };
  const opened: Moment = decoders.length === 0 ? finish : { at: 'start', of: decoders[0]!.id };
  return [
    { ...buffer, device: from, from: encoded, until: [finish] },
    { ...buffer, device: to, from: { at: 'start', of: id }, until: [finish, ...decoded] },
    ...pieces.map((piece) => hold(to, piece, opened, decoded)),
  ];
}

function isCoding(task: Task, kind: 'encode' | 'decode', device?: string): boolean {
  return task.work.kind === kind && (device === undefined || homeOf(task) === device);
}

function key(device: string, piece: string): string {
  return `${device}\n${piece}`;
}

function gather(entries: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const [name, value] of entries) {
    const list = map.get(name!);
    if (list === undefined) map.set(name!, [value!]);
    else list.push(value!);
  }
  return map;
}
