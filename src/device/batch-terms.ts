import { FLOAT_BYTES, type Kernel } from '../kernel/index.js';
import { weightNumbers } from './kernel-weights.js';
import { type WorkTerms, workTerms } from './work-terms.js';

/** A kernel as far as what more images cost depends on it. */
export type Batchable = Pick<Kernel, 'family' | 'shape' | 'bytes'>;

/** Numbers of float32 beyond which the maps of a batch leave a level of the caches: about half of an L2, an L2, a share of an L3. */
const CACHES = [2 ** 17, 2 ** 19, 2 ** 21] as const;
/** Kinds of work that every kernel shares, whatever its operator. */
export const SECOND = 'second';
const BEYOND = 'number beyond';

/** Images whose rows a matrix product takes together, where one alone runs by a kernel of its own (XNNPACK's 1x8 and 4x8). */
const ROWS_TOGETHER = 4;

/**
 * What a kernel has to do for a batch beyond what it does for one image, as kinds of work with their amounts: whatever of
 * `workTerms` grows with the height of a map, once for each further image; numbers of all maps beyond each level of the
 * caches; rows of a dense layer's product in fours; and seconds of one image, those of a call left out. What is done once
 * whatever the batch (calls, reading weights) is not there. No amount falls when the batch grows.
 *
 * @param seconds of one image, beyond those of a call of the kernel's family.
 */
export function batchTerms(kernel: Batchable, batch: number, seconds: number): WorkTerms {
  const further = batch - 1;
  const maps = kernel.bytes / FLOAT_BYTES - weightNumbers(kernel);
  const two = new Map(workTerms(ofHeight(kernel, 2)));
  return [
    ...workTerms(ofHeight(kernel, 1)).flatMap(([name, amount]) =>
      two.get(name)! > amount ? [[name, further * amount] as const] : [],
    ),
    ...CACHES.map(
      (numbers) =>
        [`${BEYOND} ${numbers}`, Math.max(0, batch * maps - numbers) - Math.max(0, maps - numbers)] as const,
    ),
    ...(kernel.family === 'dense'
      ? [['weight, images in fours', further > 0 ? inFours(batch) * weightNumbers(kernel) : 0] as const]
      : []),
    [SECOND, further * seconds],
  ];
}

/** Whether a kind of work says what a kernel's own operator does. */
export function isOwnWork(name: string): boolean {
  return name !== SECOND && !name.startsWith(BEYOND);
}

/** The kernel on a map of so many times the height, which is what the images of a batch below each other are. */
function ofHeight({ family, shape, bytes }: Batchable, images: number): Batchable {
  if (family === 'dense') {
    const { inputs = 1, units = 1 } = shape;
    const rows = { ...shape, height: images, width: 1, channels: inputs, columns: units };
    return { family: 'matmul', bytes, shape: rows };
  }
  const weights = FLOAT_BYTES * weightNumbers({ family, shape });
  const { height = 1, outHeight = 1 } = shape;
  return {
    family,
    bytes: weights + images * (bytes - weights),
    shape: { ...shape, height: images * height, outHeight: images * outHeight },
  };
}

function inFours(batch: number): number {
  return Math.ceil(batch / ROWS_TOGETHER) * ROWS_TOGETHER;
}
