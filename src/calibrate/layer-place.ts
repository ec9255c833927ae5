import type { RandomStream } from '../foundation/index.js';
import type { Shape } from '../network/index.js';

type Draw = RandomStream;

/** A map at some depth of a network, and the channels that a layer there makes of it. */
export interface Place {
  readonly map: Shape;
  readonly filters: number;
}

/**
 * Where a layer stands in a network: images and spectrograms are halved again and again while their channels double;
 * a tenth of the maps are strips and tiles.
 */
export function place(draw: Draw): Place {
  const isImage = draw.uniform() < 0.78;
  const depth = draw.integer(6);
  const [height, width] = isImage ? imageSize(draw, depth) : spectrogramSize(draw);
  const usual = logUniform(draw, 8, 72) * 2 ** (isImage ? depth : 1) * 2 ** (2 * draw.uniform() - 1);
  const channels = channelCount(draw, draw.uniform() < 0.75 ? usual : logUniform(draw, 4, 1024));
  const related = pickWeighted(draw, [
    [4, channels] as const,
    [2, 2 * channels] as const,
    [1, channels / 2] as const,
    [5, channels * 8 ** (2 * draw.uniform() - 1)] as const,
    [2, logUniform(draw, 4, 1024)] as const,
  ])[1];
  return { map: [height, width, channels], filters: channelCount(draw, related) };
}

export function imageSize(draw: Draw, depth: number): readonly [height: number, width: number] {
  const side = draw.uniform() < 0.7 ? 8 * logUniform(draw, 3, 14) : logUniform(draw, 20, 224);
  const height = Math.max(1, Math.ceil(side / 2 ** depth));
  if (draw.uniform() < 0.9) return [height, height];
  return [Math.max(1, Math.round(height * (0.15 + 0.85 * draw.uniform()))), height];
}

export function spectrogramSize(draw: Draw): readonly [height: number, width: number] {
  const [time, bands] = [logUniform(draw, 25, 110), logUniform(draw, 8, 44)];
  return [Math.ceil(time / 2 ** draw.integer(4)), Math.ceil(bands / 2 ** draw.integer(4))];
}

/** Most counts of channels are multiples of eight, or of four. */
export function channelCount(draw: Draw, about: number): number {
  const count = Math.min(1536, Math.max(2, about));
  const step = pickWeighted(draw, [[6, 8] as const, [2, 4] as const, [2, 1] as const])[1];
  return Math.max(step, step * Math.round(count / step));
}

/** A whole number between two bounds, each factor of two equally likely. */
export function logUniform(draw: Draw, from: number, to: number): number {
  return Math.round(from * (to / from) ** draw.uniform());
}

/** One of some values, each with its weight. */
export function pickWeighted<T extends readonly [weight: number, ...unknown[]]>(
  draw: Draw,
  choices: readonly T[],
): T {
  let left = draw.uniform() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const choice of choices) {
    left -= choice[0];
    if (left < 0) return choice;
  }
  return choices.at(-1)!;
}

export function pick<T>(draw: Draw, values: readonly T[]): T {
  return values[draw.integer(values.length)]!;
}
