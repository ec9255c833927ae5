import { z } from 'zod';
import { quantity, readDocument } from '../../foundation/index.js';

const name = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/);
const share = z.number().min(0).max(1);
const count = z.int().min(1).max(1_000_000);

const peak = z.number().positive().max(100);
const warmUp = share.default(0.2);

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('oneCycle'), peak, warmUp }),
  z.strictObject({ kind: z.literal('cosine'), peak, warmUp: share.default(0) }),
  z.strictObject({
    kind: z.literal('step'),
    peak,
    at: z.array(share).min(1),
    factor: z.number().positive().max(1).default(0.2),
  }),
]);

const fields = {
  epochs: count,
  batch: z.int().min(1).max(65_536),
  schedule,
  momentum: z.number().min(0).lt(1),
  weightDecay: z.number().min(0).max(1),
  labelSmoothing: z.number().min(0).lt(1),
  statisticsMomentum: z.number().min(0).lt(1),
  augmentation: z.strictObject({
    flip: z.boolean().default(false),
    shift: z.int().min(0).max(64).default(0),
    fill: z
      .enum(['zero', 'reflect'])
      .optional()
      .meta({ description: 'what a shift brings in; zeros where it is left out' }),
    cutout: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'side, in pixels, of a square that is greyed out' }),
    cutMix: share.optional().meta({
      description: 'probability that an image swaps a rectangle, and that share of the label, with another',
    }),
  }),
  patience: count.optional(),
  averaged: count.optional().meta({
    description: 'epochs at the end after each of which the weights go into the mean that is kept',
  }),
};

/** How a network is trained. */
const training = z.strictObject({
  ...fields,
  batch: fields.batch.default(128),
  momentum: fields.momentum.default(0.9),
  weightDecay: fields.weightDecay.default(5e-4),
  labelSmoothing: fields.labelSmoothing.default(0),
  statisticsMomentum: fields.statisticsMomentum.default(0.95),
  augmentation: fields.augmentation.prefault({}),
});

const soft = z.strictObject({ alpha: share, temperature: z.number().positive().max(1000) });
const beta = z.strictObject({ beta: z.number().min(0).max(1e9) });

/** Weights of the terms of the loss; a term that is left out is switched off. */
const loss = z.strictObject({
  soft: soft.optional(),
  features: beta.optional(),
  attention: beta.optional(),
});

const budget = z
  .strictObject({
    parameters: z.int().min(1).optional().meta({ description: 'trainable ones, of body and head' }),
    memory: quantity('bytes', { positive: true }).optional(),
    flops: quantity('work', { positive: true }).optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    message: 'found no bound, expected parameters, memory or flops',
  })
  .meta({ description: 'what one student may cost at most; memory: float32 weights and activations' });

/** Students by the networks whose bodies they have, or by what each may cost: the largest that fits is taken. */
const students = z.union([
  z.array(z.string()).min(1).max(1024).meta({ description: 'the network whose body each student has' }),
  z.strictObject({
    count: z.int().min(1).max(1024),
    budget: z.union([budget, z.array(budget).min(1)]).meta({
      description: 'of every student, or one for each; the first student has the most filters',
    }),
    families: z.array(z.string()).min(1).optional().meta({
      description: 'families of bodies to choose from; all where it is left out',
    }),
  }),
]);

/** What a stage has otherwise than the experiment. Without defaults: what is left out is the experiment's. */
const common = { id: name, training: z.strictObject(fields).partial().optional() };

const start = name.optional().meta({
  description:
    'id of a stage before it, with the same network (students and teacher of a NoNN), whose weights it starts from',
});

const stage = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('labels'),
    network: z.string(),
    start,
  }),
  z.strictObject({
    ...common,
    kind: z.literal('distilled'),
    network: z.string(),
    teacher: name,
    loss: loss.omit({ features: true }),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('nonn'),
    teacher: name,
    start,
    students,
    features: z.enum(['pooled', 'map']).optional().meta({
      description:
        'what students learn of a teacher that flattens its last map: the mean of each filter (where it is left out), or the map, to whose size theirs is brought',
    }),
    partition: z
      .strictObject({
        pool: z.enum(['published', 'balanced']).default('balanced'),
        resolution: z.number().positive().optional(),
      })
      .prefault({}),
    loss: loss.omit({ attention: true }).prefault({
      soft: { alpha: 0.9, temperature: 4 },
      features: { beta: 10_000 },
    }),
  }),
]);

/** Form of an experiment's file: networks that are trained one after the other, each from data and those before it. */
export const experimentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name,
    description: z.string().optional(),
    data: z.strictObject({
      set: z.string().min(1).meta({
        description: '"mnist" (embedded), or the name of a set of images that --data leads to',
      }),
      validation: z.number().min(0).lt(1).default(0.1).meta({ description: 'share of the training images' }),
    }),
    backend: z.enum(['tfjs-node', 'tfjs-wasm', 'tfjs-cpu']).default('tfjs-wasm'),
    threads: z.int().min(1).max(256).default(1),
    seeds: z.array(z.int().min(0)).min(1).default([1]),
    training,
    stages: z.array(stage).min(1),
  })
  .meta({ title: 'nonn experiment', description: 'what nonn train trains, on which data, and how' });

export type Experiment = z.output<typeof experimentSchema>;
export type Stage = Experiment['stages'][number];

/**
 * Reads an experiment.
 * @throws NonnError in one sentence for whatever is wrong with the file; teachers must stand before those that learn from them.
 */
export function readExperiment(file: string): Experiment {
  return readDocument(file, checked);
}

const checked = experimentSchema.superRefine((experiment, context) => {
  const { stages } = experiment;
  const before = new Map<string, Stage>();
  for (const [index, stage] of stages.entries()) {
    if (before.has(stage.id))
      context.addIssue({
        code: 'custom',
        path: ['stages', index, 'id'],
        message: `found "${stage.id}" twice, expected ids that differ`,
      });
    const { epochs, averaged, patience } = trainingOf(experiment, stage);
    if (averaged !== undefined && (averaged > epochs || patience !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['stages', index, 'training', 'averaged'],
        message: `found ${averaged}${patience === undefined ? '' : ' beside patience'}, expected at most ${epochs}, its epochs, without patience, which keeps the weights of one epoch`,
      });
    if (stage.kind === 'nonn' && 'count' in stage.students) {
      const { budget, count } = stage.students;
      if (Array.isArray(budget) && budget.length !== count)
        context.addIssue({
          code: 'custom',
          path: ['stages', index, 'students', 'budget'],
          message: `found ${budget.length} budgets, expected ${count}, one a student`,
        });
    }
    if (stage.kind !== 'labels' && !before.has(stage.teacher))
      context.addIssue({
        code: 'custom',
        path: ['stages', index, 'teacher'],
        message: `found "${stage.teacher}", expected the id of a stage before it`,
      });
    if (stage.kind !== 'labels' && before.get(stage.teacher)?.kind === 'nonn')
      context.addIssue({
        code: 'custom',
        path: ['stages', index, 'teacher'],
        message: `found "${stage.teacher}", which is a NoNN, expected a stage with a single network`,
      });
    const source = stage.kind === 'distilled' ? undefined : stage.start;
    if (source !== undefined && !isSameNetwork(before.get(source), stage))
      context.addIssue({
        code: 'custom',
        path: ['stages', index, 'start'],
        message: `found "${source}", expected the id of a stage before it with ${stage.kind === 'nonn' ? 'the same teacher, students and partition' : `the network ${(stage as { network: string }).network}`}`,
      });
    before.set(stage.id, stage);
  }
});

/** Whether weights of one stage fit another. */
function isSameNetwork(one: Stage | undefined, other: Stage): boolean {
  if (one === undefined) return false;
  if (one.kind !== 'nonn' || other.kind !== 'nonn')
    return one.kind !== 'nonn' && other.kind !== 'nonn' && one.network === other.network;
  const of = ({ teacher, students, features, partition }: typeof one) =>
    JSON.stringify({ teacher, students, features, partition });
  return of(one) === of(other);
}

/** How a stage is trained: as the experiment says, but for what the stage has otherwise. */
export function trainingOf(experiment: Experiment, stage: Stage): Experiment['training'] {
  const own = Object.entries(stage.training ?? {}).filter(([, value]) => value !== undefined);
  return { ...experiment.training, ...Object.fromEntries(own) };
}
