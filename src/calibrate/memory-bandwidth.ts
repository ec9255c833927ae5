import { least, timeInterleaved } from '../runtime/index.js';

/** Larger than the caches of any processor that this runs on. */
const BYTES = 128 * 2 ** 20;

/**
 * Bytes a second that one thread moves between memory and itself: a large array copied, which reads each byte and writes
 * it (McCalpin, "Memory Bandwidth and Machine Balance", 1995, the copy of STREAM).
 */
export function measureMemoryBandwidth(seconds: number): number {
  const from = new Float64Array(BYTES / 8).fill(1);
  const to = new Float64Array(BYTES / 8);
  const copy = { run: () => to.set(from) };
  const [times] = timeInterleaved([copy], { most: 20, least: 2, seconds });
  return (2 * BYTES) / least(times!);
}
