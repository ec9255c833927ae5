import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { complain, documentText, readDocument, writeAtomically } from '../../foundation/index.js';
import { readSafetensors, type StoredTensor, safetensors } from '../../network/index.js';
import { epochLogSchema } from '../../scenario/index.js';
import type { AverageWeights } from './average-weights.js';
import type { BestWeights } from './best-weights.js';
import type { Nesterov } from './nesterov.js';
import { type Position, START } from './train.js';
import type { Trainable } from './trainable.js';

const stateSchema = z.strictObject({
  /** Hash of all that the weights follow from. */
  task: z.string(),
  tensors: z.string().regex(/^[\w.-]+$/),
  position: z.strictObject({
    epoch: z.int().min(0),
    step: z.int().min(0),
    lossSum: z.number(),
    right: z.int().min(0),
    seconds: z.number(),
    log: z.array(epochLogSchema),
  }),
});

/** A training that can be broken off: its tensors and its place, in a folder. */
export interface Checkpointed {
  readonly trainable: Trainable;
  readonly optimiser: Nesterov;
  readonly best?: BestWeights | undefined;
  readonly average?: AverageWeights | undefined;
}

/**
 * Writes where a training stands. The tensors come first, under a name of their own, and the state that names them last,
 * so that whenever it is killed the folder holds one whole checkpoint.
 */
export function saveCheckpoint(folder: string, task: string, of: Checkpointed, position: Position): void {
  const tensors = `step-${position.epoch}-${position.step}.safetensors`;
  const stateFile = join(folder, 'state.json');
  const before = existsSync(stateFile) ? readDocument(stateFile, stateSchema).tensors : undefined;
  const stored = new Map<string, StoredTensor>();
  for (const [name, variable] of named(of))
    stored.set(name, { shape: variable.shape, data: variable.dataSync() as Float32Array });
  writeAtomically(join(folder, tensors), safetensors(stored));
  writeAtomically(stateFile, documentText({ task, tensors, position }));
  if (before !== undefined && before !== tensors) rmSync(join(folder, before), { force: true });
}

/**
 * Brings a training to where its checkpoint stands.
 * @returns the place, or the start where there is no checkpoint.
 * @throws NonnError in one sentence for a checkpoint of another training, or a damaged one.
 */
export function resumeCheckpoint(folder: string, task: string, into: Checkpointed): Position {
  const stateFile = join(folder, 'state.json');
  if (!existsSync(stateFile)) return START;
  const state = readDocument(stateFile, stateSchema);
  if (state.task !== task)
    throw complain({
      file: stateFile,
      path: 'task',
      found: 'a checkpoint of another configuration, data set or seed',
      expected: 'the one that is being trained (another --out, or that folder removed, starts anew)',
    });
  const file = join(folder, state.tensors);
  const tensors = readSafetensors(file);
  for (const [name, variable] of named(into)) {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.count !== variable.size)
      throw complain({
        file,
        path: `tensor ${name}`,
        found: tensor === undefined ? 'nothing' : `${tensor.count} numbers`,
        expected: `${variable.size}`,
      });
    tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(tensor.numbers()), variable.shape)));
  }
  return state.position;
}

function named({ trainable, optimiser, best, average }: Checkpointed): ReadonlyMap<string, tf.Variable> {
  return new Map([
    ...trainable.variables,
    ...[...optimiser.velocities].map(([name, velocity]) => [`velocity/${name}`, velocity] as const),
    ...[...(best?.kept ?? [])].map(([name, kept]) => [`best/${name}`, kept] as const),
    ...[...(average?.kept ?? [])].map(([name, kept]) => [`average/${name}`, kept] as const),
  ]);
}
