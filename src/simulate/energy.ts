import type { DeviceModel } from '../device/index.js';
import type { EnergyParts, Span } from '../plan/index.js';

/** Disjoint half-open intervals of time, ascending. */
type Intervals = readonly (readonly [from: number, to: number])[];

/**
 * Joules of each device over a horizon (seconds from the start of the trace).
 *
 * A device is in one state at a time. Idle power counts over the whole horizon; each other state adds what it
 * draws above idle: computing, encoding and decoding at compute power while the processor works; sending, then
 * receiving, at the radio's power while bytes flow and the processor does not work. Where the radio's power is
 * unknown, that time counts as idle and `radioCounted` is false; where idle or compute power is unknown, all is
 * null and `missing` names the field.
 */
export function energyByDevice(
  devices: readonly DeviceModel[],
  spans: readonly Span[],
  horizon: number,
): EnergyParts[] {
  const work = new Map<string, Span[]>();
  const sent = new Map<string, Span[]>();
  const received = new Map<string, Span[]>();
  const laneEnds = new Map<string, readonly [from: string, to: string]>();
  for (const { name: from } of devices)
    for (const { name: to } of devices) laneEnds.set(`${from}>${to}`, [from, to]);
  for (const span of spans) {
    if (span.finish <= span.start || span.state === 'latency') continue;
    if (span.state !== 'transfer') push(work, span.lane, span);
    else {
      const ends = laneEnds.get(span.lane);
      if (ends === undefined) continue;
      push(sent, ends[0], span);
      push(received, ends[1], span);
    }
  }
  return devices.map((device) =>
    energyOf(
      device,
      work.get(device.name) ?? [],
      sent.get(device.name) ?? [],
      received.get(device.name) ?? [],
      horizon,
    ),
  );
}

function energyOf(
  { name, power, powerPath, threads }: DeviceModel,
  work: readonly Span[],
  sent: readonly Span[],
  received: readonly Span[],
  horizon: number,
): EnergyParts {
  const seconds = (state: Span['state']) =>
    work.reduce((sum, span) => sum + (span.state === state ? span.finish - span.start : 0), 0);
  const busy = union(work);
  const sending = without(union(sent), busy);
  const receiving = without(without(union(received), busy), sending);
  const utilisation = horizon > 0 ? length(busy) / horizon : 0;
  const radioCounted =
    (power.send !== null || sent.length === 0) && (power.receive !== null || received.length === 0);
  const { idle, compute } = power;
  if (idle === null || compute === null) {
    const missing = `${powerPath}.${idle === null ? 'idle' : `compute.${threads}`}`;
    const unknown = {
      total: null,
      idle: null,
      compute: null,
      encode: null,
      decode: null,
      send: null,
      receive: null,
    };
    return { device: name, missing, ...unknown, radioCounted, utilisation };
  }
  const parts = {
    idle: idle * horizon,
    compute: (compute - idle) * seconds('compute'),
    encode: (compute - idle) * seconds('encode'),
    decode: (compute - idle) * seconds('decode'),
    send: power.send === null ? 0 : (power.send - idle) * length(sending),
    receive: power.receive === null ? 0 : (power.receive - idle) * length(receiving),
  };
  const total = parts.idle + parts.compute + parts.encode + parts.decode + parts.send + parts.receive;
  return { device: name, total, ...parts, radioCounted, utilisation };
}

function push(map: Map<string, Span[]>, key: string, span: Span): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [span]);
  else list.push(span);
}

function length(intervals: Intervals): number {
  return intervals.reduce((sum, [from, to]) => sum + to - from, 0);
}

function union(spans: readonly Span[]): Intervals {
  const joined: [number, number][] = [];
  for (const { start, finish } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || start > last[1]) joined.push([start, finish]);
    else last[1] = Math.max(last[1], finish);
  }
  return joined;
}

/** The parts of `intervals` in which none of `others` is. */
function without(intervals: Intervals, others: Intervals): Intervals {
  const left: [number, number][] = [];
  let next = 0;
  for (const [from, to] of intervals) {
    let at = from;
    while (next < others.length && others[next]![1] <= at) next++;
    for (let index = next; index < others.length && others[index]![0] < to; index++) {
      if (others[index]![0] > at) left.push([at, others[index]![0]]);
      at = Math.max(at, others[index]![1]);
    }
    if (at < to) left.push([at, to]);
  }
  return left;
}
