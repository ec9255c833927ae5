import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import type { Kernel, Lowered, Step } from '../kernel/index.js';
import { lengthOf, wholeOf } from '../network/index.js';
import { assemble, assembleBytes, cut, dequantise, type Part, runOf } from './kernels/index.js';
import type { LoadedNetwork } from './loaded-network.js';

/** What a demand reads: a map `[1, height, width, channels]`, or the bytes of an image's region. */
export type Value = tf.Tensor4D | Uint8Array;

/**
 * Runs a lowered demand step by step.
 * @param values what it reads, in the order of its reads; they stay the caller's.
 * @param ran is told each kernel after it ran.
 * @returns the written maps, in order; they belong to the caller.
 */
export function runLowered(
  lowered: Lowered,
  values: readonly Value[],
  loaded: LoadedNetwork,
  ran: (kernel: Kernel) => void = () => {},
): readonly tf.Tensor4D[] {
  const made = new Map<number, Value>(values.entries());
  const lastUse = lastUses(lowered);
  const map = (index: number): tf.Tensor4D => {
    const value = made.get(index);
    if (value === undefined || value instanceof Uint8Array)
      throw new NonnError(`layer ${lowered.tensors[index]!.layer}: found no map to read, expected one`);
    return value;
  };
  for (const [time, step] of lowered.steps.entries()) {
    made.set(step.output, runStep(step, lowered, made, map, loaded));
    if (step.kernel !== null) ran(step.kernel);
    for (const input of new Set(step.inputs)) {
      if (input < values.length || lastUse.get(input) !== time) continue;
      const value = made.get(input);
      if (!(value instanceof Uint8Array)) value?.dispose();
      made.delete(input);
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
  made: ReadonlyMap<number, Value>,
  map: (index: number) => tf.Tensor4D,
  loaded: LoadedNetwork,
): Value {
  const { region, layer } = lowered.tensors[step.output]!;
  switch (step.kind) {
    case 'gather': {
      if (made.get(step.inputs[0]!) instanceof Uint8Array) {
        const parts = step.inputs.map((index) => ({
          region: lowered.tensors[index]!.region,
          bytes: made.get(index) as Uint8Array,
        }));
        return assembleBytes(parts, region, loaded.network.shapes.get(layer)![2]);
      }
      const parts = step.inputs.map(
        (index): Part => ({ region: lowered.tensors[index]!.region, map: map(index) }),
      );
      return assemble(parts, region);
    }
    case 'dequantise': {
      const bytes = made.get(step.inputs[0]) as Uint8Array;
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
  return tf.reshape(input, [1, lengthOf(region.rows), lengthOf(region.columns), shape[2]]);
}

/** The step that reads each tensor last; a written tensor is never read last, and lives on. */
function lastUses({ steps, writes }: Lowered): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (const [time, step] of steps.entries()) {
    for (const input of step.inputs) last.set(input, time);
    // What nobody reads or writes would never be freed.
    if (!last.has(step.output)) last.set(step.output, time);
  }
  for (const index of writes) last.set(index, Number.POSITIVE_INFINITY);
  return last;
}
