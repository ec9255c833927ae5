import type { CalibratedMachine } from '../device/index.js';
import type { BackendName } from '../runtime/index.js';
import type { Loopback } from './loopback.js';
import { calibratedMachine } from './machine.js';
import { measureRuntimeMemory, type RuntimeMemory } from './memory.js';
import { measureMemoryBandwidth } from './memory-bandwidth.js';
import { measurePower, type Power } from './power.js';

/** What a machine is beside the speed of its kernels. */
export interface Surroundings {
  readonly machine: CalibratedMachine;
  readonly memory: RuntimeMemory;
  /** Bytes a second; absent where the budget is too short for it. */
  readonly memoryBandwidth?: number;
  readonly power: Power;
}

/** Of the budget, for processes that each run one network. */
const MEMORY_SHARE = 0.06;
const LONGEST_MEMORY_SECONDS = 20;
/** A shorter budget has no time for large arrays. */
const LEAST_BANDWIDTH_BUDGET = 25;
const BANDWIDTH_SECONDS = 0.5;
const POWER_SHARE = 0.02;
const LONGEST_POWER_SECONDS = 4;

/** Bytes for each position of a window: XNNPACK keeps the address of each pixel that a window reads, four bytes in wasm. */
export const windowBytes: Readonly<Record<BackendName, number>> = {
  'tfjs-wasm': 4,
  'tfjs-node': 0,
  'tfjs-cpu': 0,
};

/**
 * Measures memory, memory bandwidth and power of this machine with a backend.
 * @param busy computes for a moment, as inferences do.
 */
export async function measureSurroundings(options: {
  readonly backend: BackendName;
  readonly threads: number;
  /** Seconds of the whole calibration. */
  readonly budget: number;
  readonly busy: () => void;
}): Promise<Surroundings> {
  const { backend, threads, budget, busy } = options;
  const memorySeconds = Math.min(MEMORY_SHARE * budget, LONGEST_MEMORY_SECONDS);
  return {
    machine: calibratedMachine(backend),
    memory: await measureRuntimeMemory(backend, threads, memorySeconds, windowBytes[backend]),
    ...(budget < LEAST_BANDWIDTH_BUDGET
      ? {}
      : { memoryBandwidth: measureMemoryBandwidth(BANDWIDTH_SECONDS) }),
    power: await measurePower(busy, Math.min(POWER_SHARE * budget, LONGEST_POWER_SECONDS)),
  };
}

/** Writes a figure with its source. */
export type WriteFigure = (
  value: number,
  extra?: object,
) => { readonly value: number; readonly [field: string]: unknown };

/** Copies of weights where no process was measured, and why there are so many. */
const knownCopies: Readonly<
  Record<BackendName, readonly [convolutions: number, others: number, why: string]>
> = {
  'tfjs-wasm': [
    3,
    2,
    'XNNPACK, which the wasm backend calls, keeps packed weights of each kernel beside them, and of a convolution the transposed ones that it packed (measured: growth of the wasm memory, convolution by convolution, tfjs 4.22)',
  ],
  'tfjs-node': [1, 1, 'kernels of TensorFlow called one by one read the weights where they are'],
  'tfjs-cpu': [1, 1, 'plain JavaScript kernels read the weights where they are'],
};

const probeNote = 'from resident peaks of processes that each ran one network';

/** The section `memory` of a profile, beside what the machine has. */
export function memorySection(
  { memory, memoryBandwidth }: Pick<Surroundings, 'memory' | 'memoryBandwidth'>,
  backend: BackendName,
  fallbackBase: number,
  figure: WriteFigure,
  date: string,
) {
  const { base, weightCopies, denseCopies, mapCopies } = memory;
  const [convolutions, others, why] = knownCopies[backend];
  const derived = (value: number, citation: string) => ({
    value,
    source: 'derived' as const,
    citation,
    date,
  });
  const copies = (measured: number | undefined, known: number) =>
    measured === undefined ? derived(known, why) : figure(measured, { note: probeNote });
  const bytes = windowBytes[backend];
  return {
    runtimeBase:
      base === undefined
        ? figure(fallbackBase, { note: 'resident size of the process with the runtime loaded' })
        : figure(base, { note: 'resident peak of a process that ran a small network for a while' }),
    weightCopies: copies(weightCopies, convolutions),
    denseCopies: copies(denseCopies, others),
    ...(mapCopies === undefined ? {} : { mapCopies: figure(mapCopies, { note: probeNote }) }),
    ...(bytes === 0
      ? {}
      : {
          windowBytes: derived(
            bytes,
            'XNNPACK keeps the address of each pixel that a window of a convolution reads; an address has four bytes in wasm',
          ),
        }),
    ...(memoryBandwidth === undefined
      ? {}
      : {
          bandwidth: figure(memoryBandwidth, {
            note: 'one thread copies a large array; each byte read and written',
          }),
        }),
  };
}

/** The section `energy` of a profile. */
export function energySection(power: Power, threads: number, figure: WriteFigure) {
  const network = { unknown: 'the power of a network interface is not among the counters of the processor' };
  if ('unknown' in power) {
    const unknown = { unknown: power.unknown };
    return {
      measuringPoint: 'none',
      idle: unknown,
      compute: { [threads]: unknown },
      send: network,
      receive: network,
    };
  }
  const { idle, compute, packages, seconds } = power;
  const note = `${packages} ${packages === 1 ? 'package' : 'packages'}, in ${(seconds / 2).toFixed(1)} s`;
  return {
    measuringPoint: 'processor packages, by their own energy counters (RAPL); no other part of the machine',
    idle: figure(idle, { note }),
    compute: { [threads]: figure(Math.max(idle, compute), { note }) },
    send: network,
    receive: network,
  };
}

/** The section `link` of a profile. */
export function linkSection({ bandwidth, latency, sizes, samples }: Loopback, figure: WriteFigure) {
  const { value: _value, ...source } = figure(0, { samples });
  return {
    loopback: {
      rate: figure(bandwidth, { samples, note: 'both ends in one thread' }),
      latency: figure(latency, { samples }),
      bySize: {
        bytes: sizes.map(({ bytes }) => bytes),
        seconds: sizes.map(({ seconds }) => Number(seconds.toPrecision(5))),
        ...source,
      },
    },
  };
}
