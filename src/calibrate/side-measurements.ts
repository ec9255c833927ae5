import { type Backend, warmUp } from '../runtime/index.js';
import { type CodecFit, measureCodec } from './codec.js';
import { type Loopback, measureLoopback } from './loopback.js';
import { warmUpKernels } from './sample.js';
import { measureSurroundings, type Surroundings } from './surroundings.js';

/** What is measured once of a machine and its runtime, beside kernels and networks. */
export interface SideMeasurements {
  readonly encode: CodecFit;
  readonly decode: CodecFit;
  readonly loopback: Loopback;
  /** Bytes that the process had resident before it ran anything. */
  readonly runtimeBase: number;
  readonly surroundings: Surroundings;
}

/** Shares of the budget: frames each way, and the loopback. */
const CODEC_SHARE = 0.015;
const LOOPBACK_SHARE = 0.03;
const LONGEST = 2;

/** @param budget seconds of the whole calibration. */
export async function measureSides(backend: Backend, budget: number): Promise<SideMeasurements> {
  const share = (part: number) => Math.min(part * budget, LONGEST);
  const runtimeBase = process.memoryUsage().rss;
  const loopback = await measureLoopback(share(LOOPBACK_SHARE));
  const encode = measureCodec('encode', share(CODEC_SHARE));
  const decode = measureCodec('decode', share(CODEC_SHARE));
  const surroundings = await measureSurroundings({
    backend: backend.name,
    threads: backend.threads,
    budget,
    busy: () => warmUp(warmUpKernels(), 0.1),
  });
  return { encode, decode, loopback, runtimeBase, surroundings };
}
