import type { LatencyFamily } from './family.js';
import type { MicrocontrollerKernel } from './microcontroller-table.js';

/**
 * Parameters of one board with one submitter's software; all are positive. `speed` is seconds a FLOP of a large 3x3
 * convolution; everything else counts in it, so that boards differ mostly in it alone. `depth`, `outputs` and `row` are
 * those of `ShapeEffect`.
 */
export const microcontrollerParameters = [
  'speed',
  'work conv1x1',
  'work depthwise',
  'bytes dense',
  'bytes',
  'overhead',
  'depth',
  'outputs',
  'row',
] as const;

export type MicrocontrollerParameter = (typeof microcontrollerParameters)[number];

const places = Object.fromEntries(microcontrollerParameters.map((name, index) => [name, index])) as Record<
  MicrocontrollerParameter,
  number
>;

/** How the work of a family is counted: which parameter multiplies it, and whether its sizes slow it down. */
const counting: Readonly<
  Record<LatencyFamily, { readonly work: MicrocontrollerParameter | null; readonly shaped: boolean }>
> = {
  conv3x3: { work: null, shaped: true },
  conv: { work: null, shaped: true },
  conv1x1: { work: 'work conv1x1', shaped: true },
  depthwise3x3: { work: 'work depthwise', shaped: false },
  depthwise: { work: 'work depthwise', shaped: false },
  dense: { work: 'work conv1x1', shaped: false },
  pool: { work: 'work conv1x1', shaped: false },
  elementwise: { work: 'work conv1x1', shaped: false },
  move: { work: 'work conv1x1', shaped: false },
};

/** What a family's parameters are, as a profile states them. */
export interface MicrocontrollerFamily {
  /** FLOP/s, bytes/s and seconds. */
  readonly rate: number;
  readonly bandwidth: number;
  readonly overhead: number;
  readonly shape?: { readonly depth: number; readonly outputs: number; readonly row?: number };
}

/** The parameters of a family. */
export function familyOf(parameters: Float64Array, family: LatencyFamily): MicrocontrollerFamily {
  const at = (name: MicrocontrollerParameter) => parameters[places[name]]!;
  const { work, shaped } = counting[family];
  const speed = at('speed');
  return {
    rate: 1 / (speed * (work === null ? 1 : at(work))),
    bandwidth: 1 / (speed * at(family === 'dense' ? 'bytes dense' : 'bytes')),
    overhead: speed * at('overhead'),
    ...(shaped
      ? {
          shape: {
            depth: at('depth'),
            outputs: at('outputs'),
            ...(family === 'conv1x1' ? {} : { row: at('row') }),
          },
        }
      : {}),
  };
}

/**
 * Seconds of kernels one after the other: the roofline of each family with its shape effect, plus the overhead of a call.
 * @param slopes where given, the derivative by the logarithm of each parameter is added to it.
 */
export function microcontrollerSeconds(
  kernels: readonly MicrocontrollerKernel[],
  parameters: Float64Array,
  slopes?: Float64Array,
): number {
  const at = (name: MicrocontrollerParameter) => parameters[places[name]]!;
  const speed = at('speed');
  let seconds = 0;
  for (const kernel of kernels) {
    const add = (name: MicrocontrollerParameter, flops: number) => {
      if (slopes !== undefined) slopes[places[name]]! += kernel.count * speed * flops;
    };
    const busy = Math.max(computed(kernel, at), moved(kernel, at));
    if (slopes !== undefined) addSlopes(kernel, at, add);
    add('overhead', at('overhead'));
    add('speed', busy + at('overhead'));
    seconds += kernel.count * speed * (busy + at('overhead'));
  }
  return seconds;
}

type At = (name: MicrocontrollerParameter) => number;

/** FLOP that count, by family and sizes. */
function computed({ family, flops, depth = 1, outputs = 1, row = 1 }: MicrocontrollerKernel, at: At): number {
  const { work, shaped } = counting[family];
  const counted = flops * (work === null ? 1 : at(work));
  if (!shaped) return counted;
  return counted * (1 + at('outputs') / outputs) * inward(family, depth, row, at);
}

/** What short sums and short rows cost, as a factor; patches are gathered only where a window is larger than a pixel. */
function inward(family: LatencyFamily, depth: number, row: number, at: At): number {
  return 1 + at('depth') / depth + (family === 'conv1x1' ? 0 : at('row') / row);
}

/** Bytes, as FLOP that take as long. */
function moved({ family, bytes }: MicrocontrollerKernel, at: At): number {
  return bytes * at(family === 'dense' ? 'bytes dense' : 'bytes');
}

function addSlopes(
  kernel: MicrocontrollerKernel,
  at: At,
  add: (name: MicrocontrollerParameter, flops: number) => void,
): void {
  const { family, depth = 1, outputs = 1, row = 1 } = kernel;
  const { work, shaped } = counting[family];
  const [flops, bytes] = [computed(kernel, at), moved(kernel, at)];
  if (bytes > flops) {
    add(family === 'dense' ? 'bytes dense' : 'bytes', bytes);
    return;
  }
  if (work !== null) add(work, flops);
  if (!shaped) return;
  const factor = inward(family, depth, row, at);
  add('depth', (flops * at('depth')) / depth / factor);
  add('outputs', (flops * at('outputs')) / (at('outputs') + outputs));
  if (family !== 'conv1x1') add('row', (flops * at('row')) / row / factor);
}
