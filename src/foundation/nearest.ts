import { distance } from 'fastest-levenshtein';

/** No name of ours is longer, and the distance costs the product of the lengths. */
const LONGEST = 200;

/**
 * The valid name that is nearest to a mistyped one, or undefined if none is near enough to be meant:
 * a third of its letters may differ, or two, but never all of them.
 */
export function nearest(name: string, valid: Iterable<string>): string | undefined {
  let best: string | undefined;
  if (name.length > LONGEST) return undefined;
  let bestDistance = Math.min(Math.max(2, Math.floor(name.length / 3)), name.length - 1) + 1;
  for (const candidate of valid) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    // Of names that are equally near, one that was begun and not finished is the likelier.
    const begun = candidate.toLowerCase().startsWith(name.toLowerCase()) ? 0.5 : 0;
    if (d - begun < bestDistance) {
      best = candidate;
      bestDistance = d - begun;
    }
  }
  return best;
}
