import type { Objective } from '../scenario/index.js';
import { objectiveValues } from './compare.js';
import type { Row } from './row.js';

export const pickRules = ['knee', 'min-latency', 'min-energy', 'min-memory', 'max-accuracy'] as const;
export type PickRule = (typeof pickRules)[number];

/**
 * One design of the front; null where the front is empty, or where nobody knows the wanted metric. `knee`: every objective is scaled to 0..1 over the front, and the design nearest to the
 * ideal corner (all zeros) is taken (compromise programming with p = 2, Yu 1973). The others take the smallest value, or the
 * largest accuracy.
 * Ties go to the earlier candidate.
 */
export function pick(rows: readonly Row[], objectives: readonly Objective[], rule: PickRule): Row | null {
  const front = rows.filter((row) => row.front);
  if (rule === 'knee') return smallest(front, kneeDistances(front, objectives));
  const metric = (
    {
      'min-latency': 'latency',
      'min-energy': 'energyPerNode',
      'min-memory': 'memoryPerNode',
      'max-accuracy': 'accuracy',
    } as const
  )[rule];
  return smallest(
    front,
    front.map((row) => objectiveValues(row, [metric])[0]!),
  );
}

function kneeDistances(front: readonly Row[], objectives: readonly Objective[]): number[] {
  const points = front.map((row) => objectiveValues(row, objectives));
  const axes = objectives.map((_, axis) => points.map((point) => point[axis]!).filter(Number.isFinite));
  return points.map((point) =>
    Math.hypot(
      ...point.map((value, axis) => {
        const low = Math.min(...axes[axis]!);
        const range = Math.max(...axes[axis]!) - low;
        if (!Number.isFinite(value)) return axes[axis]!.length === 0 ? 0 : 1;
        return range > 0 ? (value - low) / range : 0;
      }),
    ),
  );
}

function smallest(rows: readonly Row[], values: readonly number[]): Row | null {
  let best = -1;
  for (const [index, value] of values.entries())
    if (Number.isFinite(value) && (best < 0 || value < values[best]!)) best = index;
  return rows[best] ?? null;
}
