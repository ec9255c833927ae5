import type { Cost } from './cost.js';
import type { LinkProfile } from './profile.js';
import { intervalOf } from './sourced.js';

/** How long a message takes on a link that it has for itself. */
export interface MessageTime {
  /** What passes before it begins to fill the link: the same for every size. */
  readonly latency: Cost;
  /** Seconds for which it then fills the link. */
  readonly transfer: number;
}

/**
 * Where a profile has times of several sizes, a message of such a size takes just that, one between two sizes what lies on the
 * straight line between them, and a larger one its further bytes at the link's rate: a gap for each byte that depends on the
 * size, as in pLogP (Kielmann et al., "Fast Measurement of LogP Parameters for Message Passing Platforms", 2000) and SimGrid's
 * factors. The latency is the time of the smallest size without its bytes. Where there are no sizes, the link's latency and
 * rate alone count. Null where the profile does not know those.
 */
export function messageTime({ rate, latency, bySize }: LinkProfile, bytes: number): MessageTime | null {
  if (!('value' in latency) || !('value' in rate)) return null;
  if (bySize === undefined) {
    const [low, high] = intervalOf(latency);
    return {
      latency: { seconds: latency.value, low, high, source: 'predicted' },
      transfer: bytes / rate.value,
    };
  }
  const smallest = { bytes: bySize.bytes[0]!, seconds: bySize.seconds[0]! };
  const start = Math.max(0, smallest.seconds - smallest.bytes / rate.value);
  const points = [
    { bytes: 0, seconds: start },
    ...bySize.bytes.map((size, index) => ({ bytes: size, seconds: bySize.seconds[index]! })),
  ];
  return {
    latency: { seconds: start, low: start, high: start, source: 'predicted' },
    transfer: secondsAt(points, bytes, rate.value) - start,
  };
}

/** @param points by ascending size. */
function secondsAt(
  points: readonly { readonly bytes: number; readonly seconds: number }[],
  bytes: number,
  rate: number,
): number {
  const above = points.findIndex((point) => point.bytes >= bytes);
  if (above === -1) {
    const largest = points.at(-1)!;
    return largest.seconds + (bytes - largest.bytes) / rate;
  }
  const { bytes: size, seconds } = points[above]!;
  if (size === bytes || above === 0) return seconds;
  const below = points[above - 1]!;
  const share = (bytes - below.bytes) / (size - below.bytes);
  return below.seconds * (1 - share) + seconds * share;
}
