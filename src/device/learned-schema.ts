import { z } from 'zod';
import { plainNumber, provenance } from './sourced.js';
import { workParts } from './work-parts.js';

const text = z.string().min(1);

/** A length for each feature. */
function oneLengthEach(
  { features, lengths }: { readonly features: readonly string[]; readonly lengths: readonly number[] },
  context: z.core.$RefinementCtx,
): void {
  if (features.length !== lengths.length)
    context.addIssue({
      code: 'custom',
      path: ['lengths'],
      message: `found ${lengths.length} lengths, expected one a feature (${features.length})`,
    });
}

const featuresShape = {
  /** Names of `latencyFeature`, and how far each has to change for the time to become another. */
  features: z.array(text).min(1).max(32),
  lengths: z.array(plainNumber(1e-6, 1e9)).min(1).max(32),
};

const learnedPartSchema = z
  .strictObject({ of: z.enum(workParts), ...featuresShape, signal: plainNumber(1e-12, 1e3) })
  .superRefine(oneLengthEach);

/** What was learned of a family beyond its base, from the profile's measured kernels: see `learnedFamily`. */
export const learnedSchema = z
  .strictObject({
    /** Seconds for one of each kind of work, by the names of `workTerms`. */
    work: z.record(text, plainNumber(0, 1e3)),
    ...featuresShape,
    /** Variances of log seconds: of what is interpolated, and of the noise of a measurement. */
    signal: plainNumber(1e-12, 1e3),
    noise: plainNumber(1e-12, 1e3),
    /** What is interpolated of parts of the time alone, by other features: see `workShare`. */
    parts: z.array(learnedPartSchema).max(workParts.length).optional(),
    /** Variance of the noise that weights add which others push out of the caches: see `unsteadiness`. */
    weightNoise: plainNumber(0, 1e3).optional(),
    /** Measured kernels that one prediction looks at. */
    neighbours: z.int().min(1).max(256),
    ...provenance,
  })
  .superRefine(oneLengthEach);

/** What was learned of one latency family. */
export type LearnedLatency = z.output<typeof learnedSchema>;
