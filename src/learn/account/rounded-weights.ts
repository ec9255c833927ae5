import { units } from '../../kernel/index.js';
import type { Network, StoredWeights } from '../../network/index.js';
import { drawnWeights, foldUnit } from '../../runtime/index.js';
import type { ImageSet } from '../data/index.js';
import { accuracyOf, disposeTrainable, predictedClasses, trainable } from '../train/index.js';

/** Share of the images that are right with kernels that are kept in int8, by output channel, as a runtime keeps them. */
export function int8Accuracy(network: Network, set: ImageSet): number {
  const model = trainable(network, 0, roundedWeights(network));
  const predicted = predictedClasses(model, set);
  disposeTrainable(model);
  return accuracyOf(predicted, set.labels);
}

/**
 * Weights that compute what an int8 network computes. Kernels are rounded after their normalisation has been folded into
 * them, as they are in a runtime; here the fold is taken back, so that batches of images can be run layer by layer.
 */
export function roundedWeights(network: Network): StoredWeights {
  const weights = drawnWeights(0);
  const kernels = new Map<string, Float32Array>();
  for (const unit of units(network)) {
    const { kernel } = foldUnit({ ...network, dtype: 'int8' }, unit, weights);
    if (kernel === undefined) continue;
    const { folded, anchor } = unit;
    if (folded === undefined) {
      kernels.set(anchor.id, kernel);
      continue;
    }
    const { gamma, movingVariance } = weights(network, folded);
    const scales = movingVariance!.map(
      (variance, channel) => (gamma?.[channel] ?? 1) / Math.sqrt(variance + folded.epsilon),
    );
    // A filter whose scale is 0 says nothing, whatever its kernel is.
    const unfolded = kernel.map((value, index) => {
      const scale = scales[index % scales.length]!;
      return scale === 0 ? 0 : value / scale;
    });
    kernels.set(anchor.id, unfolded);
  }
  return (id) => {
    const own = weights(network, network.byId.get(id)!);
    const kernel = kernels.get(id);
    return kernel === undefined ? own : { ...own, kernel };
  };
}
