import { basename, resolve } from 'node:path';
import { complain } from '../foundation/index.js';
import {
  checkClasses,
  countOf,
  type DataSet,
  findTeacher,
  type ImageSet,
  isTrainedOn,
  readDataSet,
  readTeacher,
  subset,
  watchTeacher,
} from '../learn/index.js';
import type { Shape } from '../network/index.js';
import { type FilterNetwork, readFilterNetwork } from '../partition/index.js';
import type { BackendName } from '../runtime/index.js';
import type { GlobalOptions } from './command.js';
import { note } from './output.js';
import { startProgress } from './progress.js';

/** Options that say where a filter network comes from: a file, or a teacher and images. */
export interface SourceOptions extends GlobalOptions {
  readonly filterNetwork?: string;
  readonly teacher?: string;
  readonly data?: string;
  readonly network?: string;
  readonly images?: number;
  readonly backend?: BackendName;
  readonly threads?: number;
}

/** A filter network, and what is known of where it was seen. */
export interface SeenFilterNetwork {
  readonly network: FilterNetwork;
  /** For people: which network, which images. */
  readonly origin: string;
  /** `[height, width, channels]` of the teacher's images. */
  readonly input?: Shape;
  /** Seed that the teacher was trained with. */
  readonly seed?: number;
}

/** Share of the training images that are held out where no record says it: as experiments have it. */
const VALIDATION = 0.1;

/**
 * Reads a filter network, or makes it of a teacher's activities.
 * @throws NonnError for options that do not belong together, and whatever is wrong with the files.
 */
export async function readSource(options: SourceOptions): Promise<SeenFilterNetwork> {
  const { filterNetwork, teacher, data } = options;
  if (filterNetwork !== undefined) {
    const alien = (['teacher', 'data', 'network', 'images'] as const).find(
      (name) => options[name] !== undefined,
    );
    if (alien !== undefined)
      throw complain({
        file: `--${alien}`,
        found: 'it beside --filter-network',
        expected: 'a filter network, or a teacher with images',
      });
    return { network: readFilterNetwork(filterNetwork), origin: filterNetwork };
  }
  if (teacher === undefined || data === undefined)
    throw complain({
      file: 'partition',
      found: teacher !== undefined ? '--teacher alone' : data !== undefined ? '--data alone' : 'no filters',
      expected: '--filter-network FILE, or --teacher FILE with --data DIR',
    });
  return watched(teacher, data, options);
}

async function watched(file: string, place: string, options: SourceOptions): Promise<SeenFilterNetwork> {
  const found = findTeacher(file, options.network);
  const { record } = found;
  const data = await imagesAt(place, shareOf(record?.data) ?? VALIDATION, options);
  const teacher = readTeacher(found, data.train.shape);
  checkClasses(data, teacher);
  if (isTrainedOn(found, data) === false)
    note(`${place}: not the images that ${teacher.id} was trained on, or split in another way`, options);
  const images = some(data.validation!, options.images);
  const progress = startProgress('filter activities', countOf(images), options);
  const network = await watchTeacher({
    teacher,
    images,
    backend: options.backend ?? 'tfjs-wasm',
    threads: options.threads,
    onProgress: (done) => progress.reach(done),
  }).finally(() => progress.stop());
  return {
    network,
    origin: `${teacher.id} on ${countOf(images)} validation images of ${data.name}`,
    input: data.train.shape,
    ...(record === undefined ? {} : { seed: record.seed }),
  };
}

async function imagesAt(place: string, validation: number, options: SourceOptions): Promise<DataSet> {
  if (place === 'mnist') return readDataSet('mnist', { validation });
  let progress: ReturnType<typeof startProgress> | undefined;
  const name = basename(resolve(place)).replace(/(\.tar|\.tgz|\.tar\.gz)$/i, '');
  return readDataSet(name, {
    path: place,
    validation,
    onProgress: (done, total) => {
      progress ??= startProgress('reading images', total, options);
      progress.reach(done);
    },
  }).finally(() => progress?.stop());
}

/** The share that was held out in training: with it the same images are held out again. */
function shareOf(data: { readonly train: number; readonly validation: number } | undefined) {
  return data === undefined || data.validation === 0
    ? undefined
    : data.validation / (data.train + data.validation);
}

/** So many images, evenly from all classes, which stand one after the other. */
function some(images: ImageSet, count = countOf(images)): ImageSet {
  const all = countOf(images);
  if (count >= all) return images;
  return subset(
    images,
    Array.from({ length: count }, (_, index) => Math.floor((index * all) / count)),
  );
}
