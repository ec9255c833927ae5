import { z } from 'zod';
import { show } from '../foundation/index.js';
import { batchSchema } from './batch-schema.js';
import { errorsSchema } from './errors-schema.js';
import { type LatencyFamily, latencyFamilies } from './family.js';
import { unknownFeatures, unknownWork } from './learned-names.js';
import { learnedSchema } from './learned-schema.js';
import { machineSchema } from './machine.js';
import { numbersOf } from './measured-row.js';
import { residentFields } from './resident-memory.js';
import { figureOf, plainNumber, provenance, sourced, sourcedNumber } from './sourced.js';

/** Runtimes that a profile can be of; the names of `--backend` are among them, the last line is for microcontrollers. */
export const runtimes = [
  ...(['tfjs-wasm', 'tfjs-node', 'tfjs-cpu', 'ncnn'] as const),
  ...(['tflite-micro', 'x-cube-ai', 'plumerai', 'hale', 'microtvm', 'onnc', 'e-ai-translator'] as const),
] as const;

const text = z.string().min(1);
const countOfThreads = z.int().min(1).max(1024);

/** A section with one entry a number of threads: `{ "1": ..., "4": ... }`. */
function perThreads<S extends z.ZodType>(entry: S) {
  return z.record(
    z.string().regex(/^[1-9]\d{0,3}$/, {
      error: (issue) => `found ${show(issue.input)}, expected a number of threads, such as "4"`,
    }),
    entry,
  );
}

/** A section with an optional entry a latency family. */
function perFamily<S extends z.ZodType>(entry: S) {
  const optional = entry.optional();
  return z.strictObject(
    Object.fromEntries(latencyFamilies.map((family) => [family, optional])) as Record<
      (typeof latencyFamilies)[number],
      typeof optional
    >,
  );
}

const span = z.tuple([plainNumber(0, 1e21), plainNumber(0, 1e21)]);

/** seconds = max(shape factor x flops / rate, bytes / bandwidth) + overhead; without `shape` the factor is 1. */
const baseSchema = z.strictObject({
  rate: sourced('compute', { positive: true }),
  bandwidth: sourced('bandwidth', { positive: true }),
  overhead: sourced('time'),
  /** Of elementwise kernels with an exponential or a power for each element: seconds an element, at least. */
  transcendental: sourced('time').optional(),
  /** How small sizes slow convolutions down: the sizes of `ShapeEffect`, and seconds a group. */
  shape: z
    .strictObject({
      pixels: plainNumber(0, 1e6),
      edge: plainNumber(0, 1e6),
      outputs: plainNumber(0, 1e6),
      depth: plainNumber(0, 1e6),
      groupOverhead: plainNumber(0, 1),
      /** Numbers side by side in a window below which convolutions slow down; 0 where left out. */
      row: plainNumber(0, 1e6).optional(),
      ...provenance,
    })
    .optional(),
  /** FLOP and bytes of the kernels behind these values; a kernel outside is extrapolated. */
  range: z.strictObject({ flops: span, bytes: span, ...provenance }).optional(),
});

/** Numbers of a row behind those of the shape: FLOP, bytes, and the least seconds of two separate measurements. */
const MEASURED_NUMBERS = 4;

/** Raw measurements of kernels: see `KernelTable`. */
const kernelsSchema = z.strictObject({
  tables: z.array(
    z
      .strictObject({ operator: text, fields: z.array(text).max(32), rows: z.array(z.string()) })
      .superRefine(({ fields, rows }, context) => {
        const count = fields.length + MEASURED_NUMBERS;
        const wrong = rows.findIndex((row) => numbersOf(row, count, 2) === null);
        if (wrong >= 0)
          context.addIssue({
            code: 'custom',
            path: ['rows', wrong],
            message: `found ${show(rows[wrong])}, expected ${count} numbers from 0 on, the last two of them seconds above 0, with a blank between each two`,
          });
      }),
  ),
  ...provenance,
});

/** Weights that an inference has pushed out of the caches since it last used them: see `refilledBytes`. */
const refillSchema = z
  .strictObject({
    perWeightByte: sourced('time'),
    /** Bytes that an inference moves from which on some weights are brought in again, and from which on all are. */
    from: sourced('bytes', { positive: true }),
    until: sourced('bytes', { positive: true }),
  })
  .superRefine(({ from, until }, context) => {
    const [low, high] = [figureOf(from), figureOf(until)];
    if (low !== null && high !== null && low >= high)
      context.addIssue({
        code: 'custom',
        path: ['until'],
        message: `found ${high} bytes, expected more than "from" (${low})`,
      });
  });

/** What a whole inference takes beside its kernels. */
const inferenceSchema = z.strictObject({
  /** How many times longer kernels take one after the other than each by itself. */
  factor: sourcedNumber(0.1, 10),
  /** Of each kernel, and of the inference: bringing numbers in and out. */
  perKernel: sourced('time'),
  perInference: sourced('time'),
  refill: refillSchema.optional(),
  /** Of a first inference on top: for each kernel, and for each byte of weights, which are brought in and packed. */
  cold: z.strictObject({ perKernel: sourced('time'), perWeightByte: sourced('time') }).optional(),
});

const fitSchema = z.strictObject({
  method: text,
  /** Errors of what was left out of the fit: networks one at a time, or kernels in folds. */
  leftOut: errorsSchema,
  /** Errors of what was fitted. */
  fitted: errorsSchema.optional(),
  families: perFamily(errorsSchema).optional(),
  /** How far measurements of the same thing differ, as a fraction. */
  noiseFloor: plainNumber(0, 1e6).optional(),
  rows: z
    .array(
      z.strictObject({
        name: text,
        measured: plainNumber(0, 1e9),
        predicted: plainNumber(0, 1e9),
        error: plainNumber(-1, 1e6),
      }),
    )
    .optional(),
  ...provenance,
});

/** Cutting, serialising and reading messages: seconds = bytes / bandwidth + overhead. */
const codecSchema = z.strictObject({
  bandwidth: sourced('bandwidth', { positive: true }),
  overhead: sourced('time'),
});

const linkSchema = z.strictObject({
  rate: sourced('bandwidth', { positive: true }),
  /** One way: between a station and its access point, or between two hosts of a wired network. */
  latency: sourced('time'),
  /** Airtime of each frame beside its bytes, where the rate does not already contain it. */
  frameOverhead: sourced('time').optional(),
  /** Seconds one way of messages of so many bytes, ascending: see `messageTime`. */
  bySize: z
    .strictObject({
      bytes: z.array(plainNumber(0, 1e15)).min(1).max(64),
      seconds: z.array(plainNumber(0, 1e6)).min(1).max(64),
      ...provenance,
    })
    .superRefine(({ bytes, seconds }, context) => {
      if (bytes.length !== seconds.length)
        context.addIssue({
          code: 'custom',
          path: ['seconds'],
          message: `found ${seconds.length} times, expected one a size (${bytes.length})`,
        });
      if (bytes.some((size, index) => index > 0 && size <= bytes[index - 1]!))
        context.addIssue({
          code: 'custom',
          path: ['bytes'],
          message: `found ${show(bytes)}, expected sizes in ascending order`,
        });
      const shorter = seconds.findIndex((time, index) => index > 0 && time < seconds[index - 1]!);
      if (shorter > 0)
        context.addIssue({
          code: 'custom',
          path: ['seconds', shorter],
          message: `found ${seconds[shorter]} after ${seconds[shorter - 1]}, expected no less time for more bytes`,
        });
    })
    .optional(),
});

/** One memory for all (`available`), or two of a microcontroller: weights and code in `flash`, all else in `sram`. */
const memorySchema = z
  .strictObject({
    available: sourced('bytes', { positive: true }).optional(),
    flash: sourced('bytes', { positive: true }).optional(),
    sram: sourced('bytes', { positive: true }).optional(),
    /** What the runtime itself holds of `available` or `sram`. */
    runtimeBase: sourced('bytes'),
    /** What the runtime's code holds of `flash`. */
    runtimeCode: sourced('bytes').optional(),
    weightCopies: sourcedNumber(1, 100),
    ...residentFields,
  })
  .superRefine(({ available, flash, sram, runtimeCode }, context) => {
    const given = Object.entries({ available, flash, sram }).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    const wrong = given.join(' ') !== 'available' && given.join(' ') !== 'flash sram';
    if (wrong)
      context.addIssue({
        code: 'custom',
        message: `found ${given.length === 0 ? 'neither' : given.map((name) => `"${name}"`).join(' and ')}, expected "available", or "flash" and "sram" of a microcontroller`,
      });
    else if (runtimeCode !== undefined && flash === undefined)
      context.addIssue({
        code: 'custom',
        path: ['runtimeCode'],
        message: 'found the code of a runtime, expected "flash" beside it, which holds that',
      });
  });

/** Schema of `device-profiles/NAME.json`: what one board does with one runtime, every figure with its source. */
export const profileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: text.regex(/^[A-Za-z0-9][\w.-]*$/, {
      error: (issue) => `found ${show(issue.input)}, expected a name of letters, digits, "-", "_" and "."`,
    }),
    board: text,
    runtime: z.enum(runtimes),
    threads: z.array(countOfThreads).min(1).max(64),
    regime: z.enum(['burst', 'sustained']),
    /** Of a calibrated profile; using it elsewhere warns. */
    machine: machineSchema.optional(),
    /** What the runtime computes in: weights and activations take a byte an element in int8; float32 where left out. */
    dtype: z.enum(['float32', 'int8']).optional(),
    memory: memorySchema,
    latency: z.strictObject({
      base: perThreads(perFamily(baseSchema)),
      learned: perThreads(perFamily(learnedSchema)).optional(),
      kernels: perThreads(kernelsSchema).optional(),
      inference: perThreads(inferenceSchema).optional(),
      fit: perThreads(fitSchema).optional(),
      /** Of a calibrated profile: what batches of images take beyond one image. */
      batch: perThreads(batchSchema).optional(),
      encode: codecSchema,
      decode: codecSchema,
    }),
    energy: z.strictObject({
      measuringPoint: text,
      /** What the power while computing was derived from, where it is no reading of a meter; rows repeat it. */
      basis: text.optional(),
      idle: sourced('power'),
      compute: perThreads(sourced('power')),
      send: sourced('power'),
      receive: sourced('power'),
    }),
    link: z.strictObject({
      wifi: linkSchema.optional(),
      ethernet: linkSchema.optional(),
      /** Between processes of the machine itself. */
      loopback: linkSchema.optional(),
    }),
  })
  .superRefine((profile, context) => {
    for (const threads of profile.threads) {
      const families = profile.latency.base[String(threads)];
      if (families === undefined || Object.values(families).every((family) => family === undefined))
        context.addIssue({
          code: 'custom',
          path: ['latency', 'base', String(threads)],
          message: `found no family, expected at least one, since "threads" has ${threads}`,
        });
    }
    for (const section of ['base', 'learned', 'kernels', 'inference', 'fit', 'batch'] as const)
      for (const threads of Object.keys(profile.latency[section] ?? {}))
        if (!profile.threads.includes(Number(threads)))
          context.addIssue({
            code: 'custom',
            path: ['latency', section, threads],
            message: `found ${threads} threads, expected one of "threads" (${profile.threads.join(', ')})`,
          });
    for (const [threads, families] of Object.entries(profile.latency.learned ?? {}))
      for (const [family, learned] of Object.entries(families)) {
        if (learned === undefined) continue;
        const tables = profile.latency.kernels?.[threads]?.tables ?? [];
        const path = ['latency', 'learned', threads, family];
        for (const [part, { features }] of [learned, ...(learned.parts ?? [])].entries()) {
          const [feature] = unknownFeatures(features, tables);
          if (feature !== undefined)
            context.addIssue({
              code: 'custom',
              path: [...path, ...(part === 0 ? [] : ['parts', part - 1]), 'features'],
              message: `found "${feature}", expected features of the measured kernels`,
            });
        }
        const [work] = unknownWork(Object.keys(learned.work), family as LatencyFamily, tables);
        if (work !== undefined)
          context.addIssue({
            code: 'custom',
            path: [...path, 'work'],
            message: `found "${work}", expected kinds of work that the measured kernels of this family do`,
          });
      }
  });

/** A device profile as it is used: quantities in SI. */
export type DeviceProfile = z.output<typeof profileSchema>;

/** Parameters of one latency family. */
export type FamilyBase = z.output<typeof baseSchema>;

/** What weights take that an inference brings in again. */
export type RefillProfile = z.output<typeof refillSchema>;

/** How good a fit is, and how that was found. */
export type LatencyFit = z.output<typeof fitSchema>;

/** A link of a device. */
export type LinkProfile = z.output<typeof linkSchema>;
