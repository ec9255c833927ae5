import type { Plan, Span, Trace } from '../plan/index.js';

/** An event of the Trace Event Format; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  /** `M` metadata, `X` a complete event, `s` and `f` the ends of a flow. */
  readonly ph: 'M' | 'X' | 's' | 'f';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: 'e';
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface ChromeTrace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, unknown>>;
}

const DEVICES = 1;
const LINKS = 2;
const MICROSECONDS = 1e6;

/**
 * A trace as `chrome://tracing` and Perfetto read it: one thread a device and a link, one event a span, and arrows
 * from the task that made a message to the message, and from the message to the task that waited for it. Spans of one
 * link that overlap (messages that share it) stand in rows of their own, since events of a thread have to nest.
 *
 * Source: Trace Event Format (Google, 2016), "complete events" and "flow events".
 */
export function chromeTrace(trace: Trace, plan: Pick<Plan, 'devices' | 'tasks' | 'messages'>): ChromeTrace {
  const lanes = new Lanes(plan.devices);
  // In the order of time, so that a lane needs no more rows than it has spans at once.
  const byStart = [...trace.spans].sort((a, b) => a.start - b.start || a.finish - b.finish);
  const slices = byStart.map((span) => ({ span, ...lanes.place(span) }));
  return {
    traceEvents: [...lanes.metadata(), ...slices.map(completeEvent), ...flowEvents(slices, plan)],
    displayTimeUnit: 'ms',
    otherData: { by: trace.by, plan: trace.plan, seed: trace.seed },
  };
}

interface Slice {
  readonly span: Span;
  readonly pid: number;
  readonly tid: number;
}

/** Gives every span a thread on which it overlaps no other. */
class Lanes {
  readonly #rows = new Map<string, { pid: number; tid: number; busyUntil: number }[]>();
  readonly #devices: ReadonlySet<string>;
  #threads = 0;

  constructor(devices: readonly string[]) {
    this.#devices = new Set(devices);
    for (const device of devices) this.#rows.set(device, [this.#open(DEVICES)]);
  }

  place({ lane, start, finish }: Span): { pid: number; tid: number } {
    const rows = this.#rows.get(lane) ?? [];
    this.#rows.set(lane, rows);
    let row = rows.find((each) => each.busyUntil <= start);
    if (row === undefined) {
      row = this.#open(this.#devices.has(lane) ? DEVICES : LINKS);
      rows.push(row);
    }
    row.busyUntil = finish;
    return row;
  }

  metadata(): TraceEvent[] {
    const processes = [
      [DEVICES, 'devices'],
      [LINKS, 'links'],
    ] as const;
    return [
      ...processes.map(([pid, name]) => named('process_name', pid, 0, name)),
      ...[...this.#rows].flatMap(([lane, rows]) =>
        rows.map(({ pid, tid }, index) =>
          named('thread_name', pid, tid, index === 0 ? lane : `${lane} (${index + 1})`),
        ),
      ),
    ];
  }

  #open(pid: number) {
    this.#threads += 1;
    return { pid, tid: this.#threads, busyUntil: 0 };
  }
}

function named(name: string, pid: number, tid: number, value: string): TraceEvent {
  return { name, ph: 'M', pid, tid, args: { name: value } };
}

function completeEvent({ span, pid, tid }: Slice): TraceEvent {
  const { of, inference, state, ready, start, finish, bytes, cost } = span;
  return {
    name: of,
    ph: 'X',
    cat: state,
    pid,
    tid,
    ts: start * MICROSECONDS,
    dur: (finish - start) * MICROSECONDS,
    args: {
      inference,
      waited: start - ready,
      ...(bytes === undefined ? {} : { bytes }),
      ...(cost === undefined ? {} : { low: cost.low, high: cost.high, source: cost.source }),
    },
  };
}

function flowEvents(slices: readonly Slice[], plan: Pick<Plan, 'tasks' | 'messages'>): TraceEvent[] {
  // A message has several spans (latency, transfer): an arrow ends at the first and starts at the last.
  const first = new Map<string, Slice>();
  const last = new Map<string, Slice>();
  const inferences = new Set<number>();
  for (const slice of slices) {
    const key = keyOf(slice.span.of, slice.span.inference);
    inferences.add(slice.span.inference);
    const [a, b] = [first.get(key), last.get(key)];
    if (a === undefined || slice.span.start < a.span.start) first.set(key, slice);
    if (b === undefined || slice.span.finish > b.span.finish) last.set(key, slice);
  }
  const messages = new Set(plan.messages.map(({ id }) => id));
  const arrows = [
    ...plan.messages.flatMap(({ id, after }) => after.map((from) => [from, id] as const)),
    ...plan.tasks.flatMap(({ id, after }) =>
      after.filter((from) => messages.has(from)).map((from) => [from, id] as const),
    ),
  ];
  const events: TraceEvent[] = [];
  for (const inference of inferences)
    for (const [from, to] of arrows) {
      const source = last.get(keyOf(from, inference));
      const target = first.get(keyOf(to, inference));
      if (source !== undefined && target !== undefined)
        events.push(...arrow(source, target, events.length / 2 + 1));
    }
  return events;
}

/** The ends lie inside the events that they bind to; at its very end an event counts as over. */
function arrow(source: Slice, target: Slice, id: number): TraceEvent[] {
  const flow = { name: 'message', cat: 'message', id };
  const { start, finish } = source.span;
  return [
    { ...flow, ph: 's', pid: source.pid, tid: source.tid, ts: ((start + finish) / 2) * MICROSECONDS },
    { ...flow, ph: 'f', bp: 'e', pid: target.pid, tid: target.tid, ts: target.span.start * MICROSECONDS },
  ];
}

function keyOf(of: string, inference: number): string {
  return `${inference}/${of}`;
}
