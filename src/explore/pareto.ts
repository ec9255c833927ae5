/**
 * Indices of the points that no other point dominates, in ascending order: exact, all coordinates to be made small.
 * A point dominates another if it is nowhere larger and somewhere smaller; equal points all stay.
 */
export function paretoFront(points: readonly (readonly number[])[]): number[] {
  const order = points.map((_, index) => index).sort((a, b) => compare(points[a]!, points[b]!) || a - b);
  const front: number[] = [];
  // In lexicographic order no later point dominates an earlier one.
  for (const index of order) {
    if (!front.some((member) => dominates(points[member]!, points[index]!))) front.push(index);
  }
  return front.sort((a, b) => a - b);
}

/** Whether `a` is nowhere larger than `b` and somewhere smaller. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let smaller = false;
  for (let axis = 0; axis < a.length; axis++) {
    if (a[axis]! > b[axis]!) return false;
    if (a[axis]! < b[axis]!) smaller = true;
  }
  return smaller;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return a[axis]! < b[axis]! ? -1 : 1;
  return 0;
}
