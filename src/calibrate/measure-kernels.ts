import type { LatencyFamily, MeasuredKernel } from '../device/index.js';
import { randomStream } from '../foundation/index.js';
import { type Kernel, lowerWhole } from '../kernel/index.js';
import { NetworkBuilder } from '../network/index.js';
import { least, timeKernels } from '../runtime/index.js';
import { kernelsAroundErrors } from './adaptive.js';
import { type FamilyFit, fitFamilies } from './fit.js';
import { measureSamples, type Sample, secondsOf } from './measure-samples.js';
import type { Measurer } from './measurer.js';
import { sampleKernels } from './sample.js';

/** What measuring needs. */
export interface Measuring {
  readonly measurer: Measurer;
  readonly seed: number;
  readonly budget: number;
  /** Those that are known already; those that are measured are added. */
  readonly samples: Sample[];
  readonly elapsed: () => number;
  /** When measuring ends, in seconds of the budget. */
  readonly end: number;
  /** Is called between groups of kernels. */
  readonly between: () => Promise<void>;
  readonly onRound: (samples: readonly Sample[]) => void;
  readonly report: (fits?: ReadonlyMap<LatencyFamily, FamilyFit>) => void;
}

/** Parts of the budget after which kernels like those with large errors are drawn. */
const TURNS = [0.4, 0.65];
/** Shorter budgets leave no time for a fit in between. */
const LEAST_ADAPTIVE_BUDGET = 60;
/** Of a group of kernels after a turn, so many are drawn around errors. */
const AROUND_ERRORS = 0.5;
/** No single run of a kernel takes more than this share of the budget; each runs six times at least. */
const LARGEST_KERNEL_SHARE = 0.005;
const LONGEST_KERNEL = 0.15;
/** Of single runs: longer kernels are drawn less often. */
const USUAL_SECONDS = 1e-3;

/** Of the budget: how long kernels wait for their second time at the most. */
const WAIT_SHARE = 0.05;

/** A profile keeps them all, in 2 MB, and each prediction looks through those of its family: more hardly help. */
const MOST_KERNELS = 20_000;
/** With fewer there is nothing to fit, however long they took. */
const FEWEST_KERNELS = 96;

/** Measures random kernels, and from time to time more of what is predicted poorly. @returns measurements dropped. */
export async function measureKernels({
  measurer,
  seed,
  budget,
  samples,
  elapsed,
  end,
  between,
  onRound,
  report,
}: Measuring): Promise<number> {
  if (elapsed() > end && samples.length >= FEWEST_KERNELS) return 0;
  const speed = probeSpeed();
  const longest = Math.min(LONGEST_KERNEL, budget * LARGEST_KERNEL_SHARE);
  const known = new Set(samples.map(({ kernel }) => kernel.key));
  const random = sampleKernels(seed, { most: speed * longest, usual: speed * USUAL_SECONDS });
  const isNew = ({ key }: Kernel) => !known.has(key);
  const turns = budget < LEAST_ADAPTIVE_BUDGET ? [] : TURNS.filter((turn) => elapsed() < turn * budget);
  let around: Iterator<Kernel, undefined> | undefined;
  let fits: ReadonlyMap<LatencyFamily, FamilyFit> | undefined;
  const turn = () => {
    if (turns.length === 0 || elapsed() < turns[0]! * budget) return;
    const draw = randomStream(seed, `calibrate/around/${turns.shift()}`);
    fits = fitFamilies(samples.map(measured), { seed, budget: budget / 5 });
    around = kernelsAroundErrors(fits, draw, isNew);
  };
  const next = async (count: number) => {
    await between();
    turn();
    const kernels: Kernel[] = [];
    while (kernels.length < count) {
      const near = kernels.length < count * AROUND_ERRORS ? around?.next().value : undefined;
      const kernel = near ?? random.next().value;
      if (!isNew(kernel)) continue;
      known.add(kernel.key);
      kernels.push(kernel);
    }
    return kernels;
  };
  return measureSamples({
    measurer,
    next,
    pulse: probeKernel(),
    secondsLeft: () => (samples.length < MOST_KERNELS ? end - elapsed() : 0),
    longestWait: WAIT_SHARE * budget,
    onRound(round) {
      samples.push(...round);
      onRound(round);
      report(fits);
    },
  });
}

/** What a fit sees of a sample. */
export function measured(sample: Sample): MeasuredKernel {
  const { family, shape, flops, bytes } = sample.kernel;
  return { family, shape, flops, bytes, seconds: secondsOf(sample) };
}

/** FLOP/s of a 3x3 convolution of middling size. */
export function probeSpeed(): number {
  const kernel = probeKernel();
  const [seconds] = timeKernels([kernel], { most: 10, least: 2, seconds: 0.2 });
  return kernel.flops / least(seconds!);
}

function probeKernel(): Kernel {
  const b = new NetworkBuilder('probe');
  return lowerWhole(b.build(b.conv2d(b.input([32, 32, 32]), { filters: 32, kernel: 3 }))).kernels[0]!;
}
