import type { Platform } from '../device/index.js';
import { type MemoryPeak, type Plan, type Trace, totalFrameBytes } from '../plan/index.js';
import { batchMeansInterval, mean, percentile } from './statistics.js';
import { type OfferedLoad, offeredLoad } from './utilisation.js';

/** Bytes of one device at its peak beside what it has. */
export interface Shortage {
  readonly device: string;
  /** Which of a microcontroller's memories is short; left out where a device has one memory for all. */
  readonly memory?: 'flash' | 'sram';
  readonly peak: number;
  readonly available: number;
}

/** What one played or executed plan comes to, per finished inference. Seconds, joules, bytes. */
export interface Metrics {
  /** Mean time from arrival to output at the sink; null where the load is unstable or nothing finished. */
  readonly latency: number | null;
  /** The figure that a latency misses, where that is why it is null. */
  readonly latencyMissing: string | null;
  /** 95 % interval of the mean by batch means; null for few inferences. */
  readonly latencyInterval: readonly [low: number, high: number] | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Finished inferences that were counted. */
  readonly inferences: number;
  /** The largest over devices; null where a figure is missing, which `energyMissing` names. */
  readonly energyPerNode: number | null;
  readonly energyMean: number | null;
  readonly energyMissing: string | null;
  /** False where a radio's own power is unknown and not in the energy. */
  readonly radioCounted: boolean;
  /** The largest peak over devices. */
  readonly memoryPerNode: number;
  /** The largest over microcontrollers, whose peak is the sum of both; null where there are none. */
  readonly flashPerNode: number | null;
  readonly sramPerNode: number | null;
  /** False where the runtime's own memory is unknown and not in the peak. */
  readonly runtimeBaseCounted: boolean;
  readonly shortages: readonly Shortage[];
  /** Devices whose memory nobody knows, so that it cannot be said whether the plan fits. */
  readonly memoryUnknown: readonly string[];
  /** Frame bytes of all messages of one inference. */
  readonly bytesSent: number;
  /** Bytes times crossings of a shared medium. */
  readonly bytesOnAir: number;
  readonly load: OfferedLoad;
  /** Busiest processor's share of the horizon. */
  readonly utilisation: number;
}

/** What a trace does not say of its workload. */
export interface Observation {
  /** First inferences that are left out of latencies. */
  readonly warmUp?: number;
  /** Arrivals a second as they were asked for; that of the recorded ones where left out. */
  readonly rate?: number | undefined;
}

/** Measures a trace. */
export function metricsOf(
  trace: Trace,
  plan: Plan,
  platform: Platform,
  { warmUp = 0, rate }: Observation = {},
): Metrics {
  const load = offeredLoad(trace, plan, platform, rate);
  const finished = trace.finishes.filter((finish) => finish !== null).length;
  const sojourns = trace.finishes.flatMap((finish, index) =>
    finish === null || index < warmUp ? [] : [finish - trace.arrivals[index]!],
  );
  const usable = sojourns.length > 0 && !load.unstable;
  const totals = trace.energy.map((parts) => parts.total);
  const missing = trace.energy.find((parts) => parts.total === null)?.missing ?? null;
  const known =
    missing === null && finished > 0 ? (totals as number[]).map((total) => total / finished) : null;
  const needs = trace.memory.flatMap((memory) => needsOf(memory, platform));
  const sorted = [...sojourns].sort((a, b) => a - b);
  const flashes = trace.memory.flatMap(({ flash }) => (flash === undefined ? [] : [flash]));
  const srams = trace.memory.flatMap(({ sram }) => (sram === undefined ? [] : [sram]));
  return {
    latency: usable ? mean(sojourns) : null,
    latencyMissing: null,
    latencyInterval: usable ? batchMeansInterval(sojourns) : null,
    p50: usable ? percentile(sorted, 0.5) : null,
    p95: usable ? percentile(sorted, 0.95) : null,
    p99: usable ? percentile(sorted, 0.99) : null,
    inferences: sojourns.length,
    energyPerNode: known === null ? null : Math.max(...known),
    energyMean: known === null ? null : mean(known),
    energyMissing: missing,
    radioCounted: trace.energy.every((parts) => parts.radioCounted),
    memoryPerNode: Math.max(...trace.memory.map((memory) => memory.peak)),
    runtimeBaseCounted: trace.memory.every((memory) => memory.base !== null && memory.code !== null),
    shortages: needs.flatMap(({ available, ...need }) =>
      available !== null && need.peak > available ? [{ ...need, available }] : [],
    ),
    memoryUnknown: [
      ...new Set(needs.flatMap(({ device, available }) => (available === null ? [device] : []))),
    ],
    flashPerNode: flashes.length === 0 ? null : Math.max(...flashes),
    sramPerNode: srams.length === 0 ? null : Math.max(...srams),
    bytesSent: totalFrameBytes(plan.messages),
    bytesOnAir: plan.messages.reduce(
      (sum, { frameBytes, from, to }) => sum + frameBytes * platform.topology.crossings(from, to),
      0,
    ),
    load,
    utilisation: Math.max(...trace.energy.map((parts) => parts.utilisation)),
  };
}

/** What a device needs of each of its memories, and how much of that it has. */
function needsOf(
  { device, peak, flash, sram }: MemoryPeak,
  platform: Platform,
): readonly (Omit<Shortage, 'available'> & { readonly available: number | null })[] {
  const model = platform.devices.find(({ name }) => name === device);
  const available = model?.memory ?? null;
  if (flash === undefined || sram === undefined) return [{ device, peak, available }];
  return [
    { device, memory: 'flash', peak: flash, available: model?.flash ?? null },
    { device, memory: 'sram', peak: sram, available },
  ];
}
