import type { Cost } from './cost.js';
import type { LinkProfile } from './profile.js';
import { figureOf, intervalOf } from './sourced.js';

/**
 * What passes on a link before the first byte of a message of so many bytes flows. Where a profile has times of several
 * sizes, it is what they are longer than their bytes at the link's rate, in a straight line between two sizes and the
 * same beyond the smallest and the largest; else the link's latency. Null where the profile does not know it.
 */
export function linkLatency({ rate, latency, bySize }: LinkProfile, bytes: number): Cost | null {
  if (!('value' in latency)) return null;
  const perSecond = figureOf(rate);
  if (bySize === undefined || perSecond === null) {
    const [low, high] = intervalOf(latency);
    return { seconds: latency.value, low, high, source: 'predicted' };
  }
  const fixed = bySize.bytes.map((size, index) => Math.max(0, bySize.seconds[index]! - size / perSecond));
  const seconds = interpolated(bySize.bytes, fixed, bytes);
  return { seconds, low: seconds, high: seconds, source: 'predicted' };
}

/** @param sizes ascending. */
function interpolated(sizes: readonly number[], values: readonly number[], at: number): number {
  const above = sizes.findIndex((size) => size >= at);
  if (above === -1) return values.at(-1)!;
  if (above === 0) return values[0]!;
  const [low, high] = [sizes[above - 1]!, sizes[above]!];
  const share = (at - low) / (high - low);
  return values[above - 1]! * (1 - share) + values[above]! * share;
}
