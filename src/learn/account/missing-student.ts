import { countOf, type ImageSet } from '../data/index.js';
import { featuresOf, logitsOf } from '../experiment/compared-layers.js';
import { accuracyOf, disposeTrainable, outputsOf, trainable } from '../train/index.js';
import type { TrainedModel } from './trained-model.js';

/** Share of the images that are right with every student there, and with each one of them missing, in their order. */
export interface WithoutStudents {
  readonly all: number;
  readonly missing: readonly number[];
}

/**
 * What a NoNN is worth when a device is lost: the features of its student are zeros, and the common last layer stays as
 * it was trained.
 * @throws RangeError for a network that is no NoNN.
 */
export function withoutStudents({ network, joint, trained }: TrainedModel, set: ImageSet): WithoutStudents {
  const sizes = trained.students?.map((filters) => filters.length);
  if (joint === null || sizes === undefined) throw new RangeError('found a single network, expected a NoNN');
  const model = trainable(network, 0, network.weights);
  const features = outputsOf(model, set, featuresOf(network));
  disposeTrainable(model);
  const { kernel, bias } = network.weights!(logitsOf(network));
  const filters = sizes.reduce((sum, size) => sum + size, 0);
  const accuracyWithout = (from: number, to: number) => {
    // Features are filters, or maps of them with the filter running fastest.
    const isMissing = (feature: number) => feature % filters >= from && feature % filters < to;
    return accuracyOf(classesOf(features, countOf(set), kernel!, bias, isMissing), set.labels);
  };
  let from = 0;
  const missing = sizes.map((size) => {
    from += size;
    return accuracyWithout(from - size, from);
  });
  return { all: accuracyWithout(0, 0), missing };
}

function classesOf(
  features: Float32Array,
  images: number,
  kernel: Float32Array,
  bias: Float32Array | undefined,
  isMissing: (feature: number) => boolean,
): Uint8Array {
  const width = features.length / images;
  const classes = kernel.length / width;
  const kept = Array.from({ length: width }, (_, feature) => feature).filter(
    (feature) => !isMissing(feature),
  );
  const logits = new Float64Array(classes);
  return Uint8Array.from({ length: images }, (_, image) => {
    for (let label = 0; label < classes; label++) logits[label] = bias?.[label] ?? 0;
    for (const feature of kept) {
      const value = features[image * width + feature]!;
      for (let label = 0; label < classes; label++)
        logits[label]! += value * kernel[feature * classes + label]!;
    }
    return logits.indexOf(logits.reduce((a, b) => Math.max(a, b)));
  });
}
