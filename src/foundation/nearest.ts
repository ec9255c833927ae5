import { distance } from 'fastest-levenshtein';

/**
 * The valid name that is nearest to a mistyped one, or undefined if none is near enough to be meant:
 * at most a third of its letters (and at least two) may differ.
 */
export function nearest(name: string, valid: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of valid) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
