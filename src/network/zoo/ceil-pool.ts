import type { NetworkBuilder } from '../builder.js';
import type { Id, Padding } from '../layer.js';

interface Pool {
  readonly kernel: number;
  readonly stride: number;
  readonly name: Id;
}

/**
 * A maximum pool as Caffe (and PyTorch's `ceil_mode`) makes it: the number of windows is rounded up, and the last ones
 * reach over the edge.
 */
export function ceilMaxPool(b: NetworkBuilder, from: Id, { kernel, stride, name }: Pool): Id {
  const [height, width] = b.shapeOf(from);
  const beyond = (size: number) =>
    Math.max(0, Math.ceil((Math.max(size, kernel) - kernel) / stride) * stride + kernel - size);
  const padding: Padding = { top: 0, bottom: beyond(height), left: 0, right: beyond(width) };
  return b.maxPool(from, { kernel, stride, padding, name });
}
