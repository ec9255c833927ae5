import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readDocument, show } from '../foundation/index.js';
import type { Row } from './row.js';

/** Texts of a result reach terminals and tables, so they hold nothing that steers them. */
const text = z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, {
  error: (issue) => `found ${show(issue.input)}, expected a text without control characters`,
});
const name = text.min(1);
const known = z.number().nullable();

/** Form of a row of `result.json`, in the order of `candidates.csv`; fields that it does not know pass through. */
export const rowSchema = z.looseObject({
  id: name,
  strategy: name,
  network: text,
  devices: z.number(),
  students: z.number(),
  parameters: z.number(),
  latency: known,
  latencyLow: known,
  latencyHigh: known,
  p50: known,
  p95: known,
  p99: known,
  energyPerNode: known,
  energyMean: known,
  energyMissing: text.nullable().default(null),
  memoryPerNode: z.number(),
  flashPerNode: known.optional(),
  sramPerNode: known.optional(),
  bytesSent: z.number(),
  bytesOnAir: z.number(),
  accuracy: known,
  accuracySource: text,
  accuracySpread: known.optional(),
  accuracySeeds: z.number().optional(),
  recordHash: text.optional(),
  utilisation: z.number(),
  inputAt: z.enum(['source', 'everyDevice']),
  partition: z.enum(['', 'assumed', 'file']),
  durations: z.enum(['predicted', 'measured']),
  profiles: text,
  fitError: known,
  extrapolated: z.number(),
  feasible: z.boolean(),
  violated: text,
  notes: text,
  scenarioHash: text,
  profileHash: text,
  networkHash: text,
  engineVersion: text,
  speedup: known,
  speedupOverSingle: known,
  speedupOverHorizontal: known,
  speedupOverDeepThings: known,
  front: z.boolean(),
}) satisfies z.ZodType<Row>;

/** Form of a metric of `result.json`. */
export const metricSchema = z.looseObject({
  id: name,
  value: z.union([z.number(), text]),
  unit: text,
  better: z.enum(['higher', 'lower', 'same']),
  low: known.default(null),
  high: known.default(null),
});

/** Every value that numbers come from, by path. */
export const inputsSchema = z.record(name, z.union([z.number(), z.string(), z.boolean()]));

/** Versions and hashes of what numbers come from. */
export const hashesSchema = z.looseObject({
  scenario: text.optional(),
  engine: text.optional(),
  profiles: z.record(name, text).default({}),
  networks: z.record(name, text).default({}),
});

/**
 * Form of `result.json`: what gates and tables need of it. Only the scenario's name and the metrics have to be there,
 * so that a result of another version, or one made by hand, can still be compared.
 */
export const resultSchema = z.looseObject({
  scenario: name,
  metrics: z.array(metricSchema).superRefine((metrics, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of metrics.entries()) {
      if (seen.has(id))
        context.addIssue({
          code: 'custom',
          path: [index, 'id'],
          message: `found ${show(id)} a second time, expected each metric once`,
        });
      seen.add(id);
    }
  }),
  hashes: hashesSchema.prefault({}),
  seed: z.number().optional(),
  pickRule: text.optional(),
  pick: z.looseObject({ id: name }).nullable().optional(),
  rows: z.array(rowSchema).default([]),
  inputs: inputsSchema.default({}),
});

/** About 4 kB a candidate: more than a document that people write may have. */
const LIMIT_BYTES = 400e6;

/** A result that was read from a file. */
export type ReadResult = z.output<typeof resultSchema>;

/**
 * Reads a result.
 * @param fileOrFolder a `result.json`, or the folder that it lies in.
 * @throws NonnError in one sentence for a missing, truncated or foreign file.
 */
export function readResult(fileOrFolder: string): ReadResult {
  return readDocument(resultFile(fileOrFolder), resultSchema, LIMIT_BYTES);
}

function resultFile(fileOrFolder: string): string {
  const isFolder = statSync(fileOrFolder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? join(fileOrFolder, 'result.json') : fileOrFolder;
}
