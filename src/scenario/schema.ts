import { z } from 'zod';
import { clusterSchema } from '../device/index.js';
import { quantity, show } from '../foundation/index.js';
import { networkFileName } from '../network/index.js';

const count = z.int().min(1).max(1_000_000);

/** A value, or a list of values to combine with all others. */
function oneOrMany<S extends z.ZodType>(of: S) {
  return z.union([of.transform((value) => [value]), z.array(of).min(1)]);
}

const grid = z
  .string()
  .regex(/^[1-9]\d{0,3}x[1-9]\d{0,3}$/, {
    error: (issue) => `found ${show(issue.input)}, expected rows and columns such as "3x3"`,
  })
  .meta({ description: 'tiles along height and width, as "3x3"' });

const networkName = z.string().min(1).max(200);

/** How a network's weights are kept, and where they are. */
const kept = {
  dtype: z
    .enum(['float32', 'int8'])
    .optional()
    .meta({ description: 'int8: kernels as bytes, with a scale for each output channel' }),
  weights: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'a safetensors file with the weights, relative to the scenario' }),
};

/** A zoo name, one with another input size or number of classes, or a file. */
const networkReference = z.union([
  networkName.transform((zoo) => ({ zoo })),
  z.strictObject({
    zoo: networkName,
    input: z.int().min(1).max(16_384).optional().meta({ description: 'height and width of the input' }),
    classes: z.int().min(1).max(1_000_000).optional(),
    ...kept,
  }),
  z.strictObject({
    file: z
      .string()
      .min(1)
      .max(1000)
      .meta({ description: 'an .onnx file or a tfjs model.json, relative to the scenario' }),
    name: networkName
      .optional()
      .meta({ description: "what candidates call it; the file's name where it is left out" }),
    input: z
      .int()
      .min(1)
      .max(16_384)
      .optional()
      .meta({ description: 'height and width where the file leaves them open' }),
    ...kept,
  }),
]);

export type NetworkReference = z.output<typeof networkReference>;

/** What candidates call a network. */
export function referenceName(reference: NetworkReference): string {
  return 'zoo' in reference ? reference.zoo : (reference.name ?? networkFileName(reference.file));
}

const partition = z.union([
  z.string().min(1).meta({
    description:
      'file that nonn partition --json or nonn train wrote, or its folder, relative to the scenario',
  }),
  z.strictObject({ assumed: z.union([z.literal('equal'), z.array(count).min(1)]) }),
]);

const candidates = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('single'), network: oneOrMany(networkName).optional() }),
  z.strictObject({
    strategy: z.literal('horizontal'),
    network: oneOrMany(networkName).optional(),
    devices: oneOrMany(count),
  }),
  z.strictObject({
    strategy: z.literal('deepthings'),
    network: oneOrMany(networkName).optional(),
    devices: oneOrMany(count),
    fused: oneOrMany(count),
    grid: oneOrMany(grid),
  }),
  z
    .strictObject({
      strategy: z.literal('nonn'),
      student: oneOrMany(networkName).optional(),
      students: oneOrMany(count).optional(),
      bodies: z.array(networkName).min(1).max(1024).optional().meta({
        description:
          'unlike students, one for each device in their order, in the place of student and students',
      }),
      partition,
      weights: z.string().min(1).max(1000).optional().meta({
        description: 'a safetensors file with the weights of all students and their common last layer',
      }),
    })
    .superRefine(({ student, students, bodies }, context) => {
      const field = bodies !== undefined ? 'bodies' : student === undefined ? 'student' : 'students';
      const isWhole =
        bodies === undefined
          ? student !== undefined && students !== undefined
          : (student ?? students) === undefined;
      const message =
        bodies === undefined
          ? 'found nothing, expected "student" and "students", or "bodies"'
          : 'found it beside "student" or "students", expected one or the other';
      if (!isWhole) context.addIssue({ code: 'custom', path: [field], message });
    }),
]);

const arrivals = z.union([
  z.literal('single'),
  z.strictObject({ every: quantity('time', { positive: true }), count: count.default(100) }),
  z.strictObject({
    poisson: z.number().positive().max(1e9).meta({ description: 'arrivals a second' }),
    count: count.default(500),
  }),
  z.strictObject({
    at: z
      .array(quantity('time'))
      .min(1)
      .max(1_000_000)
      .superRefine((times, context) => {
        const wrong = times.findIndex((time, index) => index > 0 && time < times[index - 1]!);
        const message = `found ${times[wrong]} s after ${times[wrong - 1]} s, expected ascending times`;
        if (wrong > 0) context.addIssue({ code: 'custom', path: [wrong], message });
      }),
  }),
]);

/** When and where inferences arrive, and where their results are wanted. */
const workload = z
  .strictObject({
    arrivals: arrivals.default('single'),
    warmUp: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .meta({ description: 'first inferences that are not counted' }),
    source: z.string().optional(),
    sink: z.string().optional(),
    inputAt: z.enum(['source', 'everyDevice']).default('source'),
    inputType: z.enum(['uint8', 'float32']).default('uint8'),
  })
  .superRefine(({ arrivals: of, warmUp }, context) => {
    const inferences = of === 'single' ? 1 : 'at' in of ? of.at.length : of.count;
    const message = `found ${warmUp} of ${inferences} inferences, expected fewer, so that some are counted`;
    if (warmUp >= inferences) context.addIssue({ code: 'custom', path: ['warmUp'], message });
  });

const budgets = z.strictObject({
  latency: quantity('time', { positive: true }).optional(),
  energyPerNode: quantity('energy', { positive: true }).optional(),
  memoryPerNode: quantity('bytes', { positive: true }).optional(),
  bytesSent: quantity('bytes').optional(),
  minParameters: z.int().min(1).optional().meta({
    description: 'trainable parameters of the whole design: a floor on capacity where accuracy is not known',
  }),
  minAccuracy: z.number().min(0).max(1).optional().meta({
    description: 'share of the test images that are right, as recorded in training',
  }),
});

/** Metrics that a front can be made of; all are better when lower, but accuracy. */
export const objectives = ['latency', 'energyPerNode', 'memoryPerNode', 'bytesSent', 'accuracy'] as const;

/** Form of a scenario file. */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, {
        error: (issue) => `found ${show(issue.input)}, expected lower-case letters, digits and hyphens`,
      })
      .optional(),
    description: z.string().optional(),
    networks: z.strictObject({
      teacher: networkReference,
      students: z.array(networkReference).default([]),
    }),
    cluster: clusterSchema,
    workload: workload.prefault({}),
    budgets: budgets.default({}),
    objectives: z
      .array(z.enum(objectives))
      .min(1)
      .superRefine((wanted, context) => {
        for (const [index, objective] of wanted.entries()) {
          const message = `found "${objective}" a second time, expected each objective once`;
          if (wanted.indexOf(objective) < index) context.addIssue({ code: 'custom', path: [index], message });
        }
      })
      .meta({ uniqueItems: true })
      .default(['latency', 'energyPerNode', 'memoryPerNode']),
    accuracy: oneOrMany(z.string().min(1).max(1000))
      .optional()
      .meta({ description: 'folders with what nonn train wrote, relative to the scenario' }),
    candidates: z.array(candidates).min(1),
    baseline: z.string().min(1).meta({ description: 'id of the candidate that speed-ups are counted from' }),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
  })
  .superRefine(({ accuracy, budgets: { minAccuracy }, objectives: wanted }, context) => {
    if (accuracy !== undefined) return;
    const message = 'found no records to look it up in, expected "accuracy" to name folders of nonn train';
    if (minAccuracy !== undefined)
      context.addIssue({ code: 'custom', path: ['budgets', 'minAccuracy'], message });
    const index = wanted.indexOf('accuracy');
    if (index >= 0) context.addIssue({ code: 'custom', path: ['objectives', index], message });
  })
  .meta({
    title: 'nonn scenario',
    description: 'networks, cluster, workload, budgets and candidates of a design study',
  });

export type ScenarioFile = z.output<typeof scenarioSchema>;
export type CandidateEntry = ScenarioFile['candidates'][number];
export type Budgets = ScenarioFile['budgets'];
export type Objective = (typeof objectives)[number];
