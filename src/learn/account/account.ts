import { join } from 'node:path';
import { complain, readBytes } from '../../foundation/index.js';
import type { Backend } from '../../runtime/index.js';
import {
  PREDICTIONS_FILE,
  RECORD_FILE,
  type Scenario,
  stagesOf,
  type TrainedNetwork,
  type TrainedStage,
  trainedIn,
} from '../../scenario/index.js';
import type { DataSet, ImageSet } from '../data/index.js';
import { accuracyOf } from '../train/index.js';
import { compareStages, type StageComparison } from './compare-stages.js';
import { type DesignCost, designCost } from './design-cost.js';
import { executeOnImages, spreadOver } from './executed.js';
import { measureHere } from './measured.js';
import { withoutStudents } from './missing-student.js';
import { devicesOf, modelPlan, plainSetting } from './model-plan.js';
import { int8Accuracy } from './rounded-weights.js';
import { type Simulated, simulated } from './simulated.js';
import { type TrainedModel, trainedModel } from './trained-model.js';

/** Several seeds as one number. */
export interface OverSeeds {
  readonly mean: number;
  /** Standard deviation of a sample; null of a single seed. */
  readonly spread: number | null;
}

/** What came of one stage, over the seeds that it was trained under. */
export interface AccountRow extends DesignCost {
  readonly experiment: string;
  readonly stage: string;
  /** How it was trained: `teacher`, `from labels`, `knowledge distillation`, `attention transfer`, `NoNN`, ... */
  readonly role: string;
  /** Networks, of a NoNN those whose bodies its students have. */
  readonly networks: readonly string[];
  readonly seeds: readonly number[];
  /** As recorded in training, and computed again here from the predictions where the images are there. */
  readonly accuracy: OverSeeds;
  /** With kernels in int8; null without images. */
  readonly int8: OverSeeds | null;
  /** Of a NoNN, with each student missing, in their order; null without images. */
  readonly missing: readonly OverSeeds[] | null;
  /** Images on which the executed plan of the first seed gave the class that training predicted; null without images. */
  readonly executed: { readonly images: number; readonly agree: number } | null;
  readonly simulated: Simulated | null;
  /** Kernels of the busiest device on this machine, one inference; null where nothing was measured. */
  readonly measured: { readonly seconds: number; readonly date: string; readonly backend: string } | null;
  readonly hashes: { readonly network: string; readonly weights: readonly string[] };
}

/** Everything that was trained on one data set. */
export interface Account {
  readonly data: TrainedStage['data'];
  readonly rows: readonly AccountRow[];
  /** Each NoNN against every other stage; empty without images. */
  readonly comparisons: readonly StageComparison[];
}

export interface AccountOptions {
  /** The images of one of the data sets, by its name. */
  readonly data?: (name: string) => DataSet | undefined;
  readonly scenario?: Scenario | undefined;
  readonly backend: Backend;
  /** Images that each plan is executed on. */
  readonly images: number;
  /** Day of the measurement; nothing is measured where it is left out. */
  readonly measureOn?: string | undefined;
  readonly resamples?: number;
  readonly seed?: number;
  /** Told what is being done. */
  readonly onStep?: (what: string) => void;
}

/**
 * The account of folders that `nonn train` wrote, a table for each data set.
 * @throws NonnError for records that are missing or damaged, and for images that are not those of the records.
 */
export function accountOf(folders: readonly string[], options: AccountOptions): readonly Account[] {
  const found = new Map(folders.flatMap((folder) => trainedIn(folder)).map((one) => [one.folder, one]));
  const stages = stagesOf([...found.values()]);
  const hashes = [...new Set(stages.map(({ data }) => data.hash))];
  return hashes.map((hash) =>
    accountOfData(inOrder(stages.filter(({ data }) => data.hash === hash)), options),
  );
}

function accountOfData(stages: readonly TrainedStage[], options: AccountOptions): Account {
  const [{ data }] = stages as [TrainedStage];
  const images = options.data?.(data.name)?.test;
  if (images !== undefined)
    for (const { members } of stages) for (const one of members) checkImages(one, images);
  const models = stages.map(({ members }) => members.map((one) => trainedModel(one, images?.shape)));
  const measured = measure(
    models.map(([first]) => first!),
    images,
    options,
  );
  const rows = stages.map((stage, index) => {
    options.onStep?.(`${stage.experiment}/${stage.stage}`);
    return { ...rowOf(stage, models[index]!, stages, images, options), measured: measured[index] ?? null };
  });
  options.onStep?.('comparing');
  const comparisons = images === undefined ? [] : compareStages(stages, images.labels, options);
  return { data, rows, comparisons };
}

/** Teachers first, then single networks from labels and distilled ones, then NoNNs by their students. */
function inOrder(stages: readonly TrainedStage[]): readonly TrainedStage[] {
  const rank = (stage: TrainedStage) => {
    const { kind, network } = stage.members[0]!.record;
    if (kind === 'labels') return roleOf(stage, stages) === 'teacher' ? 0 : 1;
    return kind === 'distilled' ? 2 : 2 + [network].flat().length;
  };
  return [...stages].sort((a, b) => rank(a) - rank(b));
}

function rowOf(
  stage: TrainedStage,
  models: readonly TrainedModel[],
  stages: readonly TrainedStage[],
  images: ImageSet | undefined,
  options: AccountOptions,
): Omit<AccountRow, 'measured'> {
  const [first] = models as [TrainedModel];
  const records = stage.members.map(({ record }) => record);
  const without =
    images === undefined || first.joint === null
      ? null
      : models.map((model) => withoutStudents(model, images).missing);
  return {
    experiment: stage.experiment,
    stage: stage.stage,
    role: roleOf(stage, stages),
    networks: [records[0]!.network].flat(),
    seeds: records.map(({ seed }) => seed),
    ...designCost(first),
    accuracy: overSeeds(records.map(({ accuracy }) => accuracy)),
    int8: images === undefined ? null : overSeeds(models.map(({ network }) => int8Accuracy(network, images))),
    missing:
      without === null
        ? null
        : without[0]!.map((_, student) => overSeeds(without.map((missing) => missing[student]!))),
    executed: images === undefined ? null : agreement(first, images, options),
    simulated: options.scenario === undefined ? null : simulated(first, options.scenario),
    hashes: {
      network: records[0]!.hashes.network,
      weights: records.map(({ hashes }) => hashes.weights),
    },
  };
}

function agreement(model: TrainedModel, set: ImageSet, { backend, images: count }: AccountOptions) {
  const images = spreadOver(set, count);
  const plan = modelPlan(model, plainSetting(devicesOf(model)));
  const { classes } = executeOnImages(plan, set, images, backend);
  const predicted = readBytes(join(model.trained.folder, PREDICTIONS_FILE));
  const agree = images.filter((image, index) => classes[index] === predicted[image]).length;
  return { images: images.length, agree };
}

function measure(
  models: readonly TrainedModel[],
  images: ImageSet | undefined,
  { backend, measureOn, onStep }: AccountOptions,
): readonly AccountRow['measured'][] {
  if (measureOn === undefined || images === undefined) return [];
  onStep?.('measuring');
  const seconds = measureHere(models, images, backend);
  return seconds.map((one) => ({ seconds: one, date: measureOn, backend: backend.name }));
}

/** The images have to be those whose classes were predicted: the recorded accuracy comes out again to the last image. */
function checkImages({ folder, record }: TrainedNetwork, { labels }: ImageSet): void {
  const file = join(folder, PREDICTIONS_FILE);
  const predicted = readBytes(file);
  if (predicted.length !== labels.length)
    throw complain({
      file,
      found: `${predicted.length} predictions`,
      expected: `${labels.length}, one for each test image of the data`,
    });
  const again = accuracyOf(predicted, labels);
  if (again !== record.accuracy)
    throw complain({
      file: join(folder, RECORD_FILE),
      path: 'accuracy',
      found: `${record.accuracy}, while the predictions give ${again} on the data`,
      expected: 'the images that it was tested on',
    });
}

function roleOf({ experiment, stage, members }: TrainedStage, stages: readonly TrainedStage[]): string {
  const { kind, loss = {} } = members[0]!.record;
  if (kind === 'nonn') return 'NoNN';
  const teaches = stages.some(
    (other) => other.experiment === experiment && other.members[0]!.record.teacher === stage,
  );
  if (kind === 'labels') return teaches ? 'teacher' : 'from labels';
  const terms = [
    ...('soft' in loss ? ['knowledge distillation'] : []),
    ...('attention' in loss ? ['attention transfer'] : []),
  ];
  return terms.length === 0 ? 'distilled' : terms.join(' and ');
}

function overSeeds(values: readonly number[]): OverSeeds {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) };
}
