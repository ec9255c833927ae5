import type { Id } from '../kernel/index.js';
import type { NetworkBuilder } from '../network/index.js';

/** Rows and columns of a teacher's features. */
export type FeatureSize = readonly [height: number, width: number];

/** One number a filter. */
export const POOLED: FeatureSize = [1, 1];

export function isPooled([height, width]: FeatureSize): boolean {
  return height === 1 && width === 1;
}

/**
 * Brings a student's map to the size of the teacher's features: by its mean where they are one number a filter, otherwise
 * by bilinear enlargement, averaging, or both.
 * @returns the layers that do it, in order; none where the size fits.
 */
export function toFeatureSize(builder: NetworkBuilder, map: Id, size: FeatureSize): readonly Id[] {
  if (isPooled(size)) return [builder.globalAvgPool(map, 'features')];
  const [height, width] = builder.shapeOf(map);
  // Up to the least common multiple and down from there; where one size divides the other, only one step is left.
  const [rows, columns] = [leastCommonMultiple(height, size[0]), leastCommonMultiple(width, size[1])];
  const layers: Id[] = [];
  if (rows > height || columns > width)
    layers.push(builder.upsample(map, [rows / height, columns / width], 'bilinear', 'features.up'));
  if (rows > size[0] || columns > size[1]) {
    const kernel = [rows / size[0], columns / size[1]] as const;
    layers.push(builder.avgPool(layers[0] ?? map, { kernel, name: 'features' }));
  }
  return layers;
}

function leastCommonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}
