import type { Layer } from '../layer.js';
import type { Region, Shape } from '../region.js';

/** A tensor of learned numbers. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  /** False for moving statistics. */
  readonly trainable: boolean;
}

/** The input that a region of output needs, clipped to the map, and the padding that makes up for what was clipped. */
export interface NeededInput {
  readonly region: Region;
  readonly pad: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
}

/** What nonn knows of one kind of layer. `inputs` are the shapes of its inputs, in order. */
export interface Operator<L extends Layer = Layer> {
  /** @throws NonnError if the inputs do not fit. */
  outputShape(layer: L, inputs: readonly Shape[]): Shape;
  weights(layer: L, inputs: readonly Shape[]): readonly Weight[];
  /** Multiply-adds for one element of output. */
  macsPerOutput(layer: L, inputs: readonly Shape[]): number;
  /** Floating-point operations for one element of output, two for a multiply-add. */
  flopsPerOutput(layer: L, inputs: readonly Shape[]): number;
  /**
   * The region of input number `index` that a region of output needs, or null for a layer that cannot be split in
   * space: it needs the whole of every input and gives the whole of its output.
   */
  neededInput(layer: L, output: Region, inputs: readonly Shape[], index: number): NeededInput | null;
}

export const noPad = { top: 0, bottom: 0, left: 0, right: 0 } as const;

/** A layer whose every output pixel needs just the same pixel of its inputs. */
export function pixelwise(_layer: unknown, output: Region): NeededInput {
  return { region: output, pad: noPad };
}

/** A layer that is kept whole. */
export function whole(): null {
  return null;
}

export function noWeights(): readonly Weight[] {
  return [];
}

export function zero(): number {
  return 0;
}
