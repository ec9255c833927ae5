import { NonnError } from '../../foundation/index.js';
import type { Id, Window } from '../layer.js';
import type { Range, Region, Shape } from '../region.js';
import type { NeededInput } from './operator.js';

/** Zeros before and after an axis of length `size`. */
export function paddingOf(
  window: Window,
  axis: 0 | 1,
  size: number,
): readonly [before: number, after: number] {
  const { padding } = window;
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const stride = window.stride[axis];
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + window.kernel[axis] - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  return axis === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
}

/**
 * Height or width of a window's output: floor((size + padding - kernel) / stride) + 1.
 * @throws NonnError for a window that is no window, that is larger than its padded input, or that lies in the padding
 * alone somewhere: such an output pixel would need no input at all.
 */
export function windowOutput(window: Window & { readonly id: Id }, axis: 0 | 1, size: number): number {
  const name = axis === 0 ? 'height' : 'width';
  const kernel = window.kernel[axis];
  const stride = window.stride[axis];
  if (!isWhole(kernel, 1) || !isWhole(stride, 1)) {
    throw new NonnError(
      `layer ${window.id}: found a window of ${name} ${kernel} and stride ${stride}, expected whole numbers above 0`,
    );
  }
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
export function neededByWindow(window: Window, output: Region, input: Shape): NeededInput {
  const rows = axisNeed(window, 0, output.rows, input[0]);
  const columns = axisNeed(window, 1, output.columns, input[1]);
  return {
    region: { rows: rows.range, columns: columns.range },
    pad: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
  };
}

function axisNeed(window: Window, axis: 0 | 1, output: Range, size: number) {
  const [padBefore] = paddingOf(window, axis, size);
  const from = output[0] * window.stride[axis] - padBefore;
  const to = (output[1] - 1) * window.stride[axis] - padBefore + window.kernel[axis];
  const clippedFrom = Math.max(from, 0);
  const clippedTo = Math.min(to, size);
  return {
    range: [clippedFrom, clippedTo] as const,
    before: clippedFrom - from,
    after: to - clippedTo,
  };
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
