import { NonnError } from '../../foundation/index.js';
import type { Pad, Slice } from '../layer.js';
import type { Range, Shape } from '../region.js';
import { noWeights, type Operator, zero } from './operator.js';
import { isWhole } from './window.js';

/** Part of a map. */
export const slice: Operator<Slice> = {
  outputShape: (layer, [shape]) => {
    for (const axis of [0, 1, 2] as const) {
      const [begin, size, step] = [layer.begin[axis], layer.size[axis], stepOf(layer, axis)];
      const fits = isWhole(begin, 0) && isWhole(size, 1) && isWhole(step, 1);
      if (!fits || begin + (size - 1) * step >= shape![axis])
        throw new NonnError(
          `layer ${layer.id}: found a part from ${begin} of ${size} in steps of ${step} along ${axes[axis]}, expected one that lies in ${shape![axis]}`,
        );
    }
    return layer.size;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: (layer, output) => {
    const along = (axis: 0 | 1, [from, to]: Range): Range => [
      layer.begin[axis] + from * stepOf(layer, axis),
      layer.begin[axis] + (to - 1) * stepOf(layer, axis) + 1,
    ];
    return {
      region: { rows: along(0, output.rows), columns: along(1, output.columns) },
      pad: { top: 0, bottom: 0, left: 0, right: 0 },
    };
  },
};

/**
 * A map with more around it. A region that lies in the margin alone still needs one row or column, whose place then
 * tells how much is left out: a padding below zero. A mirrored margin is kept whole.
 */
export const pad: Operator<Pad> = {
  outputShape: (layer, [shape]) => {
    const sides = [layer.rows, layer.columns, layer.channels];
    for (const [axis, side] of sides.entries())
      for (const count of side)
        if (!isWhole(count, 0) || (layer.mode === 'reflect' && count >= shape![axis]!))
          throw new NonnError(
            `layer ${layer.id}: found a margin of ${count} along ${axes[axis]!} of ${shape!.join('x')}, expected a whole number${layer.mode === 'reflect' ? ' below that' : ''}`,
          );
    return shape!.map((size, axis) => size + sides[axis]![0] + sides[axis]![1]) as unknown as Shape;
  },
  weights: noWeights,
  macsPerOutput: zero,
  flopsPerOutput: zero,
  neededInput: (layer, output, [shape]) => {
    if (layer.mode === 'reflect') return null;
    const along = ([from, to]: Range, [before]: readonly [number, number], size: number) => {
      const start = Math.min(Math.max(from - before, 0), size - 1);
      const end = Math.max(Math.min(to - before, size), start + 1);
      return { range: [start, end] as const, before: start + before - from, after: to - before - end };
    };
    const rows = along(output.rows, layer.rows, shape![0]);
    const columns = along(output.columns, layer.columns, shape![1]);
    return {
      region: { rows: rows.range, columns: columns.range },
      pad: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
    };
  },
};

const axes = ['rows', 'columns', 'channels'] as const;

function stepOf({ step }: Slice, axis: 0 | 1 | 2): number {
  return step?.[axis] ?? 1;
}
