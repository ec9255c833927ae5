import { median } from 'simple-statistics';
import { kernelTables, type LatencyFamily } from '../device/index.js';
import { formatShare } from '../foundation/index.js';
import type { BackendName } from '../runtime/index.js';
import { type BatchFindings, batchSectionOf } from './batch-section.js';
import type { CodecFit } from './codec.js';
import { errorsOf } from './errors.js';
import type { Base, FamilyFit } from './fit.js';
import type { InferenceFit } from './inference-fit.js';
import type { Loopback } from './loopback.js';
import type { Machine } from './machine.js';
import { type Sample, secondsOf } from './measure-samples.js';
import { energySection, linkSection, memorySection, type Surroundings } from './surroundings.js';

/** Everything that a calibration found out. */
export interface Findings {
  readonly name: string;
  readonly backend: BackendName;
  readonly threads: number;
  readonly machine: Machine;
  readonly samples: readonly Sample[];
  /** Measurements that were dropped because the machine was slower than usual. */
  readonly dropped: number;
  readonly fits: ReadonlyMap<LatencyFamily, FamilyFit>;
  readonly inference: InferenceFit | null;
  readonly batches: BatchFindings | null;
  readonly encode: CodecFit;
  readonly decode: CodecFit;
  readonly loopback: Loopback;
  /** Resident bytes of the process with the runtime loaded and nothing else. */
  readonly runtimeBase: number;
  readonly surroundings: Surroundings;
  readonly seed: number;
  /** `2026-11-24` */
  readonly date: string;
}

/** The document of a device profile, with the source of every figure. */
export function profileDocument(findings: Findings) {
  const { name, backend, threads, machine, samples, fits, inference, batches } = findings;
  const { loopback, runtimeBase, seed, date } = findings;
  const measured = {
    source: 'measured' as const,
    citation: `nonn calibrate on this machine (${machine.fingerprint}), seed ${seed}`,
    date,
  };
  const figure = (value: number, extra: object = {}) => ({
    value: significant(value),
    ...measured,
    ...extra,
  });
  const codec = ({ bandwidth, overhead, spread, samples: count }: CodecFit) => ({
    bandwidth: figure(bandwidth, {
      samples: count,
      interval: [significant(bandwidth / (1 + spread)), significant(bandwidth * (1 + spread))],
    }),
    overhead: figure(overhead, { samples: count }),
  });
  return {
    name,
    board: machine.description,
    runtime: backend,
    threads: [threads],
    regime: 'burst' as const,
    machine: findings.surroundings.machine,
    memory: {
      available: figure(machine.memory, { note: 'all of the machine; other processes take their part' }),
      ...memorySection(findings.surroundings, backend, runtimeBase, figure, date),
    },
    latency: {
      base: { [threads]: families(fits, (fit) => baseSection(fit, measured)) },
      learned: {
        [threads]: families(fits, ({ learned, kernels }) => ({
          ...learned,
          ...measured,
          samples: kernels.length,
        })),
      },
      kernels: {
        [threads]: {
          tables: kernelTables(samples.map((sample) => ({ ...sample.kernel, ...sample }))),
          ...measured,
          samples: samples.length,
        },
      },
      ...(inference === null ? {} : { inference: { [threads]: inferenceSection(inference, figure) } }),
      ...(batches === null ? {} : { batch: { [threads]: batchSectionOf(batches, measured) } }),
      fit: {
        [threads]: {
          method:
            'seconds for each kind of work by relative least squares, times a factor interpolated between measured kernels; errors of kernels left out, in five folds',
          leftOut: errorsOf([...fits.values()].flatMap(({ leftOut }) => leftOut)),
          families: families(fits, ({ leftOut }) => errorsOf(leftOut)),
          noiseFloor: significant(median(samples.map(disagreement))),
          ...measured,
          samples: samples.length,
          note: `two measurements of a kernel agree within 10 % for ${formatShare(agreement(samples), 0)} of kernels; the smaller one counts; ${findings.dropped} groups were measured again because the machine was slower than usual`,
        },
      },
      encode: codec(findings.encode),
      decode: codec(findings.decode),
    },
    energy: energySection(findings.surroundings.power, threads, figure),
    link: linkSection(loopback, figure),
  };
}

/** Share of kernels whose two measurements agree within 10 %. */
export function agreement(samples: readonly Sample[]): number {
  return samples.filter((sample) => disagreement(sample) <= 0.1).length / samples.length;
}

function disagreement(sample: Sample): number {
  return Math.max(sample.first, sample.second) / secondsOf(sample) - 1;
}

function families<T>(
  fits: ReadonlyMap<LatencyFamily, FamilyFit>,
  section: (fit: FamilyFit) => T,
): Record<string, T> {
  return Object.fromEntries([...fits].map(([family, fit]) => [family, section(fit)]));
}

function baseSection({ base, leftOutBases, kernels }: FamilyFit, measured: object) {
  const parameter = (name: keyof Base) => {
    const values = [base, ...leftOutBases].map((one) => one[name]);
    return {
      value: significant(base[name]),
      ...measured,
      samples: kernels.length,
      interval: span(values).map(significant),
    };
  };
  return {
    rate: parameter('rate'),
    bandwidth: parameter('bandwidth'),
    overhead: parameter('overhead'),
    range: {
      flops: span(kernels.map(({ flops }) => flops)),
      bytes: span(kernels.map(({ bytes }) => bytes)),
      ...measured,
      samples: kernels.length,
    },
  };
}

/** What an inference takes beside its kernels. */
function inferenceSection(
  { factor, perKernel, perInference, refill, refillInterval, cold, leftOut }: InferenceFit,
  figure: (value: number, extra: object) => object,
) {
  const mean = leftOut.reduce((sum, error) => sum + Math.abs(error), 0) / leftOut.length;
  const extra = {
    samples: leftOut.length,
    note: `random networks run whole; each left out is predicted with an error of ${formatShare(mean)} on average`,
  };
  return {
    factor: figure(factor, extra),
    perKernel: figure(perKernel, extra),
    perInference: figure(perInference, extra),
    ...(refill === undefined
      ? {}
      : {
          refill: {
            perWeightByte: figure(refill.perWeightByte, {
              ...extra,
              ...(refillInterval === undefined ? {} : { interval: refillInterval.map(significant) }),
            }),
            from: figure(refill.from, extra),
            until: figure(refill.until, extra),
          },
        }),
    cold: {
      perKernel: figure(cold.perKernel, { samples: leftOut.length }),
      perWeightByte: figure(cold.perWeightByte, { samples: leftOut.length }),
    },
  };
}

function span(values: readonly number[]): readonly [low: number, high: number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Five digits: more than any measurement here has. */
function significant(value: number): number {
  return Number(value.toPrecision(5));
}
