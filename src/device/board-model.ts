import type { TableKernel } from './board-table.js';
import type { LatencyFamily } from './family.js';
import { type ShapeEffect, shapeFactor } from './shape-effect.js';

/** Families whose work takes the time, with the name of their shape effect; both depthwise ones share theirs. */
export const computing = {
  conv3x3: 'conv3x3',
  conv1x1: 'conv1x1',
  conv: 'conv',
  depthwise3x3: 'depthwise',
  depthwise: 'depthwise',
} as const satisfies Partial<Record<LatencyFamily, string>>;

export type ComputingFamily = keyof typeof computing;

/** Caches keep most of what a convolution reads again: its bytes count at this many times the rate of a copy. */
export const CACHED = 4;

/**
 * Parameters of one board with one number of threads; all are positive. `speed` is seconds a FLOP of no kernel in
 * particular; `work`, `bytes` and `transcendental` count in it, so that boards differ mostly in it alone.
 */
export const parameterNames = [
  'speed',
  'work conv3x3',
  'work conv1x1',
  'work conv',
  'work depthwise3x3',
  'work depthwise',
  'bytes dense',
  'bytes',
  'transcendental',
  'overhead',
  'groupOverhead',
  'pixels conv3x3',
  'outputs conv3x3',
  'depth conv3x3',
  'edge conv3x3',
  'pixels conv1x1',
  'outputs conv1x1',
  'depth conv1x1',
  'pixels conv',
  'outputs conv',
  'depth conv',
  'pixels depthwise',
  'outputs depthwise',
] as const;

export type ParameterName = (typeof parameterNames)[number];

/** Values in the order of `parameterNames`. */
export type BoardParameters = Float64Array;

const places = new Map<string, number>(parameterNames.map((name, index) => [name, index]));
const [SPEED, DENSE, BYTES, TRANSCENDENTAL, OVERHEAD, GROUP] = (
  ['speed', 'bytes dense', 'bytes', 'transcendental', 'overhead', 'groupOverhead'] as const
).map((name) => places.get(name)!) as [number, number, number, number, number, number];

/** Where the parameters of a family stand; -1 for an effect that it does not have. */
const placesOf = Object.fromEntries(
  Object.entries(computing).map(([family, effect]) => {
    const at = (name: string) => places.get(`${name} ${effect}`) ?? -1;
    const work = places.get(`work ${family}`)!;
    return [
      family,
      { work, pixels: at('pixels'), edge: at('edge'), outputs: at('outputs'), depth: at('depth') },
    ];
  }),
) as Record<ComputingFamily, Record<'work' | 'pixels' | 'edge' | 'outputs' | 'depth', number>>;

export function isComputing(family: LatencyFamily): family is ComputingFamily {
  return Object.hasOwn(computing, family);
}

export function parameterOf(parameters: BoardParameters, name: ParameterName): number {
  return parameters[places.get(name)!]!;
}

/** The shape effect of a family. */
export function effectOf(
  parameters: BoardParameters,
  family: ComputingFamily,
): Omit<ShapeEffect, 'groupOverhead'> {
  const { pixels, edge, outputs, depth } = placesOf[family];
  const at = (place: number) => (place < 0 ? 0 : parameters[place]!);
  return { pixels: at(pixels), edge: at(edge), outputs: at(outputs), depth: at(depth) };
}

/**
 * Seconds of kernels one after the other: the roofline of each family with its shape effect, plus overheads.
 * @param slopes where given, the derivative by the logarithm of each parameter is added to it.
 */
export function networkSeconds(
  kernels: readonly TableKernel[],
  parameters: BoardParameters,
  slopes?: Float64Array,
): number {
  let seconds = 0;
  for (const kernel of kernels) {
    const add = (place: number, slope: number) => {
      if (slopes !== undefined && place >= 0) slopes[place]! += kernel.count * slope;
    };
    const busy =
      parameters[SPEED]! *
      busyFlops(kernel, parameters, (place, flops) => add(place, flops * parameters[SPEED]!));
    const grouped = (kernel.groups ?? 1) > 1 ? kernel.groups! * parameters[GROUP]! : 0;
    const overhead = parameters[OVERHEAD]!;
    add(SPEED, busy);
    add(GROUP, grouped);
    add(OVERHEAD, overhead);
    seconds += kernel.count * (busy + grouped + overhead);
  }
  return seconds;
}

/** What keeps the board busy, as FLOP at its speed: the larger of arithmetic and bytes. */
function busyFlops(
  kernel: TableKernel,
  parameters: BoardParameters,
  slope: (place: number, flops: number) => void,
): number {
  const { family, flops, bytes, pixels = 1, outputs = 1, depth = 1 } = kernel;
  if (!isComputing(family)) {
    const place = family === 'dense' ? DENSE : BYTES;
    const moved = bytes * parameters[place]!;
    const computed = kernel.transcendental === true ? flops * parameters[TRANSCENDENTAL]! : 0;
    slope(computed > moved ? TRANSCENDENTAL : place, Math.max(computed, moved));
    return Math.max(computed, moved);
  }
  const at = placesOf[family];
  const effect = effectOf(parameters, family);
  const computed = flops * parameters[at.work]! * shapeFactor(effect, { pixels, outputs, depth });
  const moved = (bytes / CACHED) * parameters[BYTES]!;
  if (moved > computed) {
    slope(BYTES, moved);
    return moved;
  }
  const rim = effect.edge / Math.sqrt(pixels);
  const map = (1 + rim) ** 2 + effect.pixels / pixels;
  slope(at.work, computed);
  slope(at.edge, (computed * 2 * rim * (1 + rim)) / map);
  slope(at.pixels, (computed * effect.pixels) / pixels / map);
  slope(at.outputs, (computed * effect.outputs) / (effect.outputs + outputs));
  slope(at.depth, (computed * effect.depth) / (effect.depth + depth));
  return computed;
}
