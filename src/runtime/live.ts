import { median } from 'simple-statistics';
import type { Cost, CostModel } from '../device/index.js';
import { NonnError } from '../foundation/index.js';
import type { Kernel, Work } from '../kernel/index.js';
import { type Backend, use } from './backend.js';
import { prepareCodec } from './codec-run.js';
import { least, type Rounds, timeInterleaved, timeKernels } from './measure.js';

/** A cost model that runs what it is asked about: hardware in the loop. */
export interface LiveCosts extends CostModel {
  /**
   * Runs everything that these works contain and nobody has run yet, interleaved. Measuring ahead of time is more
   * exact than work by work, and no more work.
   */
  measure(works: Iterable<Work>): void;
}

const defaultRounds: Rounds = { most: 10, least: 3, seconds: 3 };

/**
 * Costs of work on this machine, whatever device it is asked for: each distinct kernel, encoding and decoding is
 * really run a few times, and remembered with its least time (and the median as the upper end).
 * @param links tells what a message costs before its first byte flows.
 */
export function liveCosts(links: CostModel, backend: Backend, rounds: Partial<Rounds> = {}): LiveCosts {
  const times: Rounds = { ...defaultRounds, ...rounds };
  const known = new Map<string, Cost>();
  const remember = (key: string, seconds: readonly number[]) => {
    const low = least(seconds);
    known.set(key, { seconds: low, low, high: median([...seconds]), source: 'measured' });
  };
  const measure = (works: Iterable<Work>) => {
    const kernels = new Map<string, Kernel>();
    const codecs = new Map<string, Work & { kind: 'encode' | 'decode' }>();
    for (const work of works) {
      if (work.kind === 'flops')
        throw new NonnError('live costs: found work of bare FLOP, expected kernels, which can be run');
      if (work.kind === 'kernels') {
        for (const kernel of work.kernels) if (!known.has(kernel.key)) kernels.set(kernel.key, kernel);
      } else if (!known.has(codecKey(work))) codecs.set(codecKey(work), work);
    }
    if (kernels.size + codecs.size === 0) return;
    use(backend);
    const keys = [...kernels.keys()];
    for (const [index, seconds] of timeKernels([...kernels.values()], times).entries())
      remember(keys[index]!, seconds);
    // Frames of one plan come in few sizes, so they are all ready at once.
    const runs = [...codecs.values()].map((work) => prepareCodec(work.kind, work.bytes));
    for (const [index, seconds] of timeInterleaved(runs, times).entries())
      remember([...codecs.keys()][index]!, seconds);
    for (const run of runs) run.dispose();
  };
  return {
    measure,
    task(work) {
      measure([work]);
      if (work.kind !== 'kernels') return known.get(codecKey(work as Work & { kind: 'encode' | 'decode' }))!;
      return sum(work.kernels.map(({ key }) => known.get(key)!));
    },
    message: (bytes, from, to) => links.message(bytes, from, to),
  };
}

function codecKey({ kind, bytes }: Work & { kind: 'encode' | 'decode' }): string {
  return `${kind}(bytes=${bytes})`;
}

function sum(costs: readonly Cost[]): Cost {
  const total = (field: 'seconds' | 'low' | 'high') => costs.reduce((value, cost) => value + cost[field], 0);
  return { seconds: total('seconds'), low: total('low'), high: total('high'), source: 'measured' };
}
