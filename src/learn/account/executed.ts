import { type Backend, preparePlan } from '../../runtime/index.js';
import type { Strategised } from '../../strategy/index.js';
import { countOf, fillBatch, type ImageSet } from '../data/index.js';

/** Classes that a plan gives when it is really executed, image by image. */
export interface Executed {
  /** Indexes of the images that were executed, spread over the set. */
  readonly images: readonly number[];
  readonly classes: Uint8Array;
}

/** Executes a plan on images of a set: kernels run device by device, and messages are written and read. */
export function executeOnImages(
  { plan, network }: Strategised,
  set: ImageSet,
  images: readonly number[],
  backend: Backend,
): Executed {
  const prepared = preparePlan(plan, new Map([[network.id, network]]), { seed: 0, backend });
  const input = new Float32Array(set.images.length / countOf(set));
  try {
    const classes = Uint8Array.from(images, (image) => {
      fillBatch(input, set, [image]);
      const { output } = prepared.run(input);
      return output.indexOf(output.reduce((a, b) => Math.max(a, b)));
    });
    return { images, classes };
  } finally {
    prepared.dispose();
  }
}

/** So many indexes of a set, evenly spread. */
export function spreadOver(set: ImageSet, count: number): readonly number[] {
  const all = countOf(set);
  const wanted = Math.min(count, all);
  return Array.from({ length: wanted }, (_, index) => Math.floor((index * all) / wanted));
}
