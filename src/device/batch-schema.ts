import { z } from 'zod';
import { show } from '../foundation/index.js';
import { errorsSchema } from './errors-schema.js';
import { type LatencyFamily, latencyFamilies } from './family.js';
import { numbersOf } from './measured-row.js';
import { plainNumber, provenance } from './sourced.js';

const text = z.string().min(1);

/** Errors of what was left out, each predicted from its own measured time of one image. */
const batchErrors = errorsSchema.extend({
  /** Mean error of the batch times one image, on the same rows. */
  proportional: plainNumber(0, 1e6),
});

const familySchema = z.strictObject({
  /** Seconds for one of each kind of work, by the names of `batchTerms`. */
  work: z.record(text, plainNumber(0, 1e3)),
  /** Seconds of a call: of the least kernel. */
  call: plainNumber(0, 1e3),
  /** The longest that was measured, over the batch times one image; at least 1. No prediction is longer. */
  longest: plainNumber(1, 1e3),
  leftOut: batchErrors,
});

const families = z.strictObject(
  Object.fromEntries(latencyFamilies.map((family) => [family, familySchema.optional()])) as Record<
    LatencyFamily,
    z.ZodOptional<typeof familySchema>
  >,
);

/** FLOP and bytes of a kernel, in front of its seconds. */
const WORK_NUMBERS = 2;

/**
 * What was measured of batches: each kernel, and some whole networks, at several batches in turns, so that a drift of the
 * machine meets all alike; and what was fitted to that (see `batchTerms`).
 */
export const batchSchema = z
  .strictObject({
    /** Images of the measured batches, ascending from 1. */
    sizes: z.array(z.int().min(1).max(1e6)).min(2).max(16),
    families,
    /** Of whole networks: how many times longer the further images take than their kernels by themselves. */
    network: z.strictObject({ factor: plainNumber(0.01, 100), leftOut: batchErrors }).optional(),
    /** Shape, FLOP and bytes of each kernel, and its seconds at each batch. */
    tables: z.array(
      z.strictObject({ operator: text, fields: z.array(text).max(32), rows: z.array(z.string()) }),
    ),
    /** Number of a random network of the calibration's seed, and its seconds at each batch. */
    networks: z.array(z.string()).optional(),
    ...provenance,
  })
  .superRefine(({ sizes, tables, networks }, context) => {
    const complain = (path: (string | number)[], found: unknown, expected: string) =>
      context.addIssue({ code: 'custom', path, message: `found ${show(found)}, expected ${expected}` });
    if (sizes[0] !== 1 || sizes.some((size, index) => index > 0 && size <= sizes[index - 1]!))
      complain(['sizes'], sizes, 'batches in ascending order, from 1');
    const check = (path: (string | number)[], rows: readonly string[], before: number) => {
      const count = before + sizes.length;
      const wrong = rows.findIndex((row) => numbersOf(row, count, sizes.length) === null);
      if (wrong >= 0)
        complain(
          [...path, wrong],
          rows[wrong],
          `${count} numbers from 0 on, the last ${sizes.length} of them seconds above 0, with a blank between each two`,
        );
    };
    for (const [index, { fields, rows }] of tables.entries())
      check(['tables', index, 'rows'], rows, fields.length + WORK_NUMBERS);
    check(['networks'], networks ?? [], 1);
  });

/** What a profile knows of batches with one number of threads. */
export type BatchSection = z.output<typeof batchSchema>;

/** What was fitted to batches of one latency family. */
export type BatchFamily = z.output<typeof familySchema>;

/** Errors of what a fit of batches had not seen. */
export type BatchErrors = z.output<typeof batchErrors>;
