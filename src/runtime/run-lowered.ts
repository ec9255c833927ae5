import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import type { Kernel, Lowered, Step } from '../kernel/index.js';
import { lengthOf, wholeOf } from '../network/index.js';
import { assemble, assembleBytes, cut, dequantise, type Part, runOf } from './kernels/index.js';
import type { LoadedNetwork } from './loaded-network.js';

/** What a demand reads: a map `[batch, height, width, channels]`, or the bytes of one image's region. */
export type Value = tf.Tensor4D | Uint8Array;

/**
 * Runs a lowered demand step by step, on as many images at once as its maps hold.
 * @param values what it reads, in the order of its reads; they stay the caller's unless they are to be freed.
 * @param ran is told each kernel after it ran.
 * @param given whether values are freed after their last read.
 * @returns the written maps, in order; they belong to the caller.
 */
export function runLowered(
  lowered: Lowered,
  values: readonly Value[],
  loaded: LoadedNetwork,
  ran: (kernel: Kernel) => void = () => {},
  given: 'keep' | 'free' = 'keep',
): readonly tf.Tensor4D[] {
  const made: (Value | undefined)[] = [...values];
  const map = (index: number): tf.Tensor4D => {
    const value = made[index];
    if (value === undefined || value instanceof Uint8Array)
      throw new NonnError(`layer ${lowered.tensors[index]!.layer}: found no map to read, expected one`);
    return value;
  };
  const lastReads = lastReadsOf(lowered);
  for (let time = 0; time < lowered.steps.length; time++) {
    const step = lowered.steps[time]!;
    made[step.output] = runStep(step, lowered, made, map, loaded);
    if (step.kernel !== null) ran(step.kernel);
    for (const input of lastReads[time]!) {
      if (input < values.length && given === 'keep') continue;
      const value = made[input];
      if (!(value instanceof Uint8Array)) value?.dispose();
      made[input] = undefined;
    }
  }
  return lowered.writes.map((index, position) =>
    // A region that is only passed on, or written twice, gets a tensor of its own (the numbers are shared).
    index < values.length || lowered.writes.indexOf(index) < position ? tf.clone(map(index)) : map(index),
  );
}

function runStep(
  step: Step,
  lowered: Lowered,
  made: readonly (Value | undefined)[],
  map: (index: number) => tf.Tensor4D,
  loaded: LoadedNetwork,
): Value {
  const { region, layer } = lowered.tensors[step.output]!;
  switch (step.kind) {
    case 'gather': {
      if (made[step.inputs[0]!] instanceof Uint8Array) {
        const parts = step.inputs.map((index) => ({
          region: lowered.tensors[index]!.region,
          bytes: made[index] as Uint8Array,
        }));
        return assembleBytes(parts, region, loaded.network.shapes.get(layer)![2]);
      }
      const parts = step.inputs.map(
        (index): Part => ({ region: lowered.tensors[index]!.region, map: map(index) }),
      );
      return assemble(parts, region);
    }
    case 'dequantise': {
      const bytes = made[step.inputs[0]] as Uint8Array;
      const [height, width] = [lengthOf(region.rows), lengthOf(region.columns)];
      return dequantise(bytes, height, width, bytes.length / (height * width));
    }
    case 'unit': {
      const inputs = step.inputs.map(map);
      if (step.kernel === null) return rename(step, inputs, lowered, loaded);
      return runOf(step.kernel.family)(step.kernel.shape, { inputs, ...loaded.unit(step.unit) });
    }
  }
}

/** A unit without a kernel gives the same numbers another shape, or is a part of a constant. */
function rename(
  { unit, output }: Step & { kind: 'unit' },
  [input]: readonly tf.Tensor4D[],
  lowered: Lowered,
  loaded: LoadedNetwork,
): tf.Tensor4D {
  const { region } = lowered.tensors[output]!;
  const shape = loaded.network.shapes.get(unit.output)!;
  if (input === undefined) return cut({ region: wholeOf(shape), map: loaded.unit(unit).constant! }, region);
  return tf.reshape(input, [input.shape[0], lengthOf(region.rows), lengthOf(region.columns), shape[2]]);
}

/** Tensors of each step that nobody reads after it: inputs, or what it made for nobody. Written ones live on. */
function lastReadsOf(lowered: Lowered): readonly (readonly number[])[] {
  const known = lastReads.get(lowered);
  if (known !== undefined) return known;
  const { steps, writes } = lowered;
  const last = new Map<number, number>();
  for (const [time, { inputs, output }] of steps.entries())
    for (const index of [...inputs, output]) last.set(index, time);
  for (const index of writes) last.delete(index);
  const found = steps.map(({ inputs, output }, time) =>
    [...new Set([...inputs, output])].filter((index) => last.get(index) === time),
  );
  lastReads.set(lowered, found);
  return found;
}

/** A demand is run again and again. */
const lastReads = new WeakMap<Lowered, readonly (readonly number[])[]>();
