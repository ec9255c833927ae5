import type { Kernel } from '../kernel/index.js';
import { derivedFeatures } from './derived-features.js';
import type { FamilyResidual } from './profile.js';

/**
 * Features of a kernel by name, in log2 space: work, bytes, and every number of its shape (plus one, so that a zero
 * has a logarithm), and what follows from them. A residual keeps the names of those that it uses.
 */
export function latencyFeatures(
  kernel: Pick<Kernel, 'flops' | 'bytes' | 'shape'> & Partial<Pick<Kernel, 'family'>>,
): ReadonlyMap<string, number> {
  const features = new Map<string, number>([
    ['flops', Math.log2(kernel.flops + 1)],
    ['bytes', Math.log2(kernel.bytes + 1)],
  ]);
  for (const [name, value] of Object.entries(kernel.shape))
    features.set(name, Math.log2(Math.max(value, 0) + 1));
  for (const [name, value] of derivedFeatures(kernel)) features.set(name, value);
  return features;
}

/** Profiles keep features with few digits, which must not put the outermost samples outside. */
const ROUNDING = 1e-4;

/**
 * The learned log(measured / base) of a kernel: the mean of its nearest neighbours, weighted by inverse squared
 * distance, each feature scaled by its sampled range. Null outside the range that was sampled: neighbours know
 * nothing there.
 */
export function residualAt(residual: FamilyResidual, kernel: Kernel): number | null {
  const features = latencyFeatures(kernel);
  const at = residual.features.map((name) => features.get(name) ?? 0);
  const ranges = sampledRanges(residual);
  if (at.some((value, index) => value < ranges[index]![0] - ROUNDING || value > ranges[index]![1] + ROUNDING))
    return null;
  const distances = residual.points.map((point, index) => ({
    index,
    squared: point.reduce((sum, value, feature) => {
      const [low, high] = ranges[feature]!;
      const difference = high > low ? (value - at[feature]!) / (high - low) : 0;
      return sum + difference * difference;
    }, 0),
  }));
  distances.sort((a, b) => a.squared - b.squared || a.index - b.index);
  let weights = 0;
  let total = 0;
  for (const { index, squared } of distances.slice(0, residual.neighbours)) {
    const weight = 1 / (squared + 1e-6);
    weights += weight;
    total += weight * residual.residuals[index]!;
  }
  return total / weights;
}

const ranges = new WeakMap<FamilyResidual, readonly (readonly [number, number])[]>();

function sampledRanges(residual: FamilyResidual): readonly (readonly [low: number, high: number])[] {
  let known = ranges.get(residual);
  if (known === undefined) {
    known = residual.features.map((_, feature) => {
      const values = residual.points.map((point) => point[feature]!);
      return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const;
    });
    ranges.set(residual, known);
  }
  return known;
}
