import { NonnError } from '../foundation/index.js';
import { foldedWeightBytes, lowerWhole } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import { batchKernelCost, batchSection } from './batch-latency.js';
import { kernelCost } from './latency.js';
import { type NetworkPrediction, predictNetwork } from './predict-network.js';
import type { DeviceProfile } from './profile.js';
import { figureOf } from './sourced.js';

/** What one inference of a batch takes: latency, interval and energy are of the whole batch. */
export interface BatchPrediction extends NetworkPrediction {
  /** Images that are computed at once. */
  readonly batch: number;
  /** Seconds of the batch over its images, and images a second. */
  readonly latencyPerImage: number;
  readonly throughput: number;
}

/**
 * Predicts a network for batches of so many images: what one image takes, and the further images' work in its kernels,
 * longer by a factor that whole networks told during the calibration. Activations grow with the batch, weights do not.
 * Nothing is known of the first inference of a batch.
 *
 * @throws NonnError if the profile does not know batches, or has no such number of threads.
 */
export function predictBatch(
  profile: DeviceProfile,
  threads: number,
  network: Network,
  batch: number,
): BatchPrediction {
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new NonnError(`batch: found ${batch}, expected a whole number of images from 1`);
  const one = predictNetwork(profile, threads, network);
  const perImage = (latency: number) => ({
    batch,
    latencyPerImage: latency / batch,
    throughput: batch / latency,
  });
  if (batch === 1) return { ...one, ...perImage(one.latency) };
  const { network: whole, families } = batchSection(profile, threads);
  const factor = whole?.factor ?? figureOf(profile.latency.inference?.[String(threads)]?.factor) ?? 1;
  const layers = lowerWhole(network).kernels.map((kernel, index) => {
    const cost = batchKernelCost(profile, threads, kernel, batch);
    const further = cost.seconds - kernelCost(profile, threads, kernel).seconds;
    const layer = one.layers[index]!;
    return {
      ...layer,
      latency: layer.latency + factor * further,
      extrapolated: cost.source === 'extrapolated',
    };
  });
  const sumOf = (of: typeof layers) => of.reduce((sum, { latency }) => sum + latency, 0);
  // What an inference takes beside its kernels.
  const beside = one.latency - sumOf(one.layers as typeof layers);
  const latency = beside + sumOf(layers);
  const spreads = Object.values(families).map((family) => family?.leftOut.spread ?? 0);
  const spread = Math.hypot(
    Math.log(one.high / one.latency),
    whole?.leftOut.spread ?? spreads.reduce((a, b) => Math.max(a, b), 0),
  );
  const power = figureOf(profile.energy.compute[String(threads)]);
  const { firstInference: _unknown, ...known } = one;
  return {
    ...known,
    ...perImage(latency),
    latency,
    low: latency * Math.exp(-spread),
    high: latency * Math.exp(spread),
    energy: power === null ? null : power * latency,
    extrapolated: latency > 0 ? sumOf(layers.filter((layer) => layer.extrapolated)) / latency : 0,
    layers,
    ...grownMemory(profile, network, one, batch - 1),
  };
}

/** Memory with the activations of so many further images. */
function grownMemory(
  { dtype, memory }: DeviceProfile,
  network: Network,
  { tensorMemory, peakMemory, sram }: NetworkPrediction,
  further: number,
): Pick<NetworkPrediction, 'tensorMemory' | 'peakMemory' | 'sram'> {
  const weights = foldedWeightBytes(dtype === 'int8' ? { ...network, dtype } : network);
  const activations = further * (tensorMemory - weights);
  const held = activations * (figureOf(memory.mapCopies) ?? 1);
  return {
    tensorMemory: tensorMemory + activations,
    peakMemory: peakMemory + held,
    ...(sram === undefined ? {} : { sram: { ...sram, bytes: sram.bytes + activations } }),
  };
}
