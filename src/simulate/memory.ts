import type { DeviceModel } from '../device/index.js';
import type { MemoryPeak, Plan, Trace } from '../plan/index.js';
import { type Allocation, allocations, type Moment } from './allocations.js';

/** A change of the live bytes of a device. */
interface Change {
  readonly time: number;
  readonly part: 'activations' | 'buffers';
  /** Bytes, negative where they are freed. */
  readonly bytes: number;
}

/**
 * The most bytes that each device holds at once while a trace runs: weights (with the copies that the runtime
 * keeps), live activations, message buffers, and the runtime's base where it is known. The parts are those of
 * the moment of the peak. What is freed at a moment makes room for what is allocated at it.
 *
 * A microcontroller runs its weights out of flash, where the runtime's code lies too; everything else is in its SRAM. The
 * peak is the sum of both, which are stated beside it.
 */
export function memoryByDevice(
  plan: Plan,
  devices: readonly DeviceModel[],
  trace: Pick<Trace, 'spans' | 'arrivals' | 'finishes'>,
): MemoryPeak[] {
  const changes = new Map<string, Change[]>(devices.map(({ name }) => [name, []]));
  const wanted = allocations(plan);
  for (const played of inferencesOf(trace))
    for (const allocation of wanted) allocate(allocation, played, changes.get(allocation.device));
  return devices.map(({ name, runtimeBase, weightCopies, flash, runtimeCode = null }) => {
    const resident = plan.resident.filter(({ device }) => device === name);
    const weights = resident.reduce((sum, { bytes }) => sum + bytes, 0) * weightCopies;
    const { activations, buffers } = peakOf(changes.get(name)!);
    const sram = activations + buffers + (runtimeBase ?? 0);
    const parts = { weights, activations, buffers, base: runtimeBase };
    if (flash === undefined) return { device: name, peak: weights + sram, ...parts };
    const held = weights + (runtimeCode ?? 0);
    return { device: name, peak: held + sram, ...parts, flash: held, sram, code: runtimeCode };
  });
}

/** When the activities of one inference started and finished, by id. */
interface PlayedInference {
  readonly start: ReadonlyMap<string, number>;
  readonly finish: ReadonlyMap<string, number>;
  readonly arrival: number;
  readonly end: number;
}

function* inferencesOf({
  spans,
  arrivals,
  finishes,
}: Pick<Trace, 'spans' | 'arrivals' | 'finishes'>): Generator<PlayedInference> {
  const starts = arrivals.map(() => new Map<string, number>());
  const ends = arrivals.map(() => new Map<string, number>());
  for (const { of, inference, start, finish } of spans) {
    const first = starts[inference]!.get(of);
    if (first === undefined || start < first) starts[inference]!.set(of, start);
    const last = ends[inference]!.get(of);
    if (last === undefined || finish > last) ends[inference]!.set(of, finish);
  }
  for (const [inference, arrival] of arrivals.entries())
    yield {
      start: starts[inference]!,
      finish: ends[inference]!,
      arrival,
      end: finishes[inference] ?? arrival,
    };
}

function allocate(
  { bytes, part, from, until }: Allocation,
  played: PlayedInference,
  changes: Change[] | undefined,
): void {
  const start = timeOf(from, played);
  if (start === undefined || changes === undefined) return;
  const finish = until.reduce((last, moment) => Math.max(last, timeOf(moment, played) ?? start), start);
  if (finish <= start || bytes === 0) return;
  changes.push({ time: start, part, bytes }, { time: finish, part, bytes: -bytes });
}

function timeOf(moment: Moment, { start, finish, arrival, end }: PlayedInference): number | undefined {
  switch (moment.at) {
    case 'arrival':
      return arrival;
    case 'end':
      return end;
    case 'start':
      return start.get(moment.of);
    case 'finish':
      return finish.get(moment.of);
  }
}

function peakOf(changes: readonly Change[]): { activations: number; buffers: number } {
  const sorted = [...changes].sort((a, b) => a.time - b.time || a.bytes - b.bytes);
  const live = { activations: 0, buffers: 0 };
  let peak = { ...live };
  for (const { part, bytes } of sorted) {
    live[part] += bytes;
    if (live.activations + live.buffers > peak.activations + peak.buffers) peak = { ...live };
  }
  return peak;
}
