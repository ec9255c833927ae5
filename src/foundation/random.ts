import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { sha256 } from './hash.js';

/** A stream of random numbers that depends only on a seed and a name. */
export interface RandomStream {
  /** Uniform in [0, 1), with 53 bits. */
  uniform(): number;
  /** Exponentially distributed with the given rate (mean 1 / rate). */
  exponential(rate: number): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal, by the Box-Muller transform. */
  normal(): number;
}

/**
 * The stream of a name under a seed. Streams of different names are independent, so drawing more from one
 * (an added device, say) never moves another.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const digest = sha256(`${seed}/${name}`);
  // All 128 bits of the state come from the hash: seeding with one word leaves the first draws related.
  const generator = xoroshiro128plusFromState(
    [0, 8, 16, 24].map((at) => Number.parseInt(digest.slice(at, at + 8), 16) | 0),
  );
  const uniform = () => ((generator.next() >>> 5) * 67108864 + (generator.next() >>> 6)) / 9007199254740992;
  return {
    uniform,
    exponential: (rate) => -Math.log(1 - uniform()) / rate,
    integer: (below) => Math.floor(uniform() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
