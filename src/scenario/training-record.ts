import { join } from 'node:path';
import { z } from 'zod';
import { readDocument } from '../foundation/index.js';

/** Files of a trained stage's folder: what a training run leaves behind, and accuracy is looked up in. */
export const RECORD_FILE = 'record.json';
export const WEIGHTS_FILE = 'weights.safetensors';
export const PARTITION_FILE = 'partition.json';
export const PREDICTIONS_FILE = 'predictions.bin';

/** What one epoch of a training came to. */
export const epochLogSchema = z.strictObject({
  epoch: z.int().min(1),
  rate: z.number(),
  loss: z.number(),
  accuracy: z.number(),
  validation: z.number().nullable(),
  imagesPerSecond: z.number(),
});

const recordSchema = z.strictObject({
  experiment: z.string(),
  stage: z.string(),
  kind: z.enum(['labels', 'distilled', 'nonn']),
  seed: z.int().min(0),
  /** Name of the network, of the students of a NoNN. */
  network: z.union([z.string(), z.array(z.string()).min(1)]),
  teacher: z.string().optional(),
  /** The stage whose weights it started from. */
  start: z.string().optional(),
  /** Terms of the loss that are switched on, where it learned from a teacher. */
  loss: z.looseObject({}).optional(),
  /** Sizes of the partition of a NoNN. */
  filters: z.array(z.int().min(1)).optional(),
  parameters: z.int().min(0),
  macs: z.number().min(0),
  data: z.strictObject({
    name: z.string(),
    /** `[height, width, channels]` of an image. */
    shape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]).optional(),
    classes: z.int().min(1).optional(),
    train: z.int().min(0),
    validation: z.int().min(0),
    test: z.int().min(0),
    hash: z.string(),
  }),
  backend: z.string(),
  threads: z.int().min(1),
  /** Share of the test images that are right, without augmentation. */
  accuracy: z.number().min(0).max(1),
  validation: z.number().min(0).max(1).nullable(),
  hashes: z.strictObject({
    task: z.string(),
    network: z.string(),
    weights: z.string(),
    /** Of the weights of the stage that it learned or started from. */
    from: z.string().optional(),
  }),
  training: z.looseObject({}),
  log: z.array(epochLogSchema),
});

/** What a stage came to: how it was trained, on what, and the accuracy that was measured. */
export type StageRecord = z.output<typeof recordSchema>;

/** @throws NonnError in one sentence for a record that is missing or damaged. */
export function readRecord(folder: string): StageRecord {
  return readDocument(join(folder, RECORD_FILE), recordSchema);
}
