import { NonnError } from '../../foundation/index.js';
import type { Dilated, Id, Window } from '../layer.js';
import type { Range, Region, Shape } from '../region.js';
import type { NeededInput } from './operator.js';

type Sliding = Window & Dilated;

/** Rows or columns that a window spans, the gaps between its taps included. */
export function spanOf({ kernel, dilation }: Sliding, axis: 0 | 1): number {
  return (kernel[axis] - 1) * (dilation?.[axis] ?? 1) + 1;
}

/** Zeros before and after an axis of length `size`. */
export function paddingOf(
  window: Sliding,
  axis: 0 | 1,
  size: number,
): readonly [before: number, after: number] {
  const { padding } = window;
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const stride = window.stride[axis];
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + spanOf(window, axis) - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  return axis === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
}

/**
 * Height or width of a window's output: floor((size + padding - kernel) / stride) + 1.
 * @throws NonnError for a window that is no window, that is larger than its padded input, or that lies in the padding
 * alone somewhere: such an output pixel would need no input at all.
 */
export function windowOutput(window: Sliding & { readonly id: Id }, axis: 0 | 1, size: number): number {
  const name = axis === 0 ? 'height' : 'width';
  const stride = window.stride[axis];
  if (!isWhole(window.kernel[axis], 1) || !isWhole(stride, 1)) {
    throw new NonnError(
      `layer ${window.id}: found a window of ${name} ${window.kernel[axis]} and stride ${stride}, expected whole numbers above 0`,
    );
  }
  const dilation = window.dilation?.[axis] ?? 1;
  if (!isWhole(dilation, 1) || (dilation > 1 && window.stride.some((step) => step > 1))) {
    throw new NonnError(
      `layer ${window.id}: found a dilation of ${dilation} with strides of ${window.stride.join('x')}, expected a whole number above 0, and only one of both above 1`,
    );
  }
  const kernel = spanOf(window, axis);
  const [before, after] = paddingOf(window, axis, size);
  for (const padding of [before, after]) {
    if (!isWhole(padding, 0) || padding >= kernel) {
      throw new NonnError(
        `layer ${window.id}: found a padding of ${padding}, expected a whole number below the window's ${name} ${kernel}`,
      );
    }
  }
  const length = Math.floor((size + before + after - kernel) / stride) + 1;
  if (!(length >= 1)) {
    throw new NonnError(
      `layer ${window.id}: found an input of ${name} ${size}, expected at least the window's ${name} ${kernel}`,
    );
  }
  return length;
}

/** The input rows and columns under the windows of a region of output. */
export function neededByWindow(window: Sliding, output: Region, input: Shape): NeededInput {
  const rows = axisNeed(window, 0, output.rows, input[0]);
  const columns = axisNeed(window, 1, output.columns, input[1]);
  return {
    region: { rows: rows.range, columns: columns.range },
    pad: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
  };
}

function axisNeed(window: Sliding, axis: 0 | 1, output: Range, size: number) {
  const [padBefore] = paddingOf(window, axis, size);
  const from = output[0] * window.stride[axis] - padBefore;
  const to = (output[1] - 1) * window.stride[axis] - padBefore + spanOf(window, axis);
  const clippedFrom = Math.max(from, 0);
  const clippedTo = Math.min(to, size);
  return {
    range: [clippedFrom, clippedTo] as const,
    before: clippedFrom - from,
    after: to - clippedTo,
  };
}

/** Whether a number is a whole one of at least so much. */
export function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
