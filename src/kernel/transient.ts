import { areaOf, type Network } from '../network/index.js';
import { FLOAT_BYTES } from './kernel.js';
import type { Lowered } from './lowered.js';

/**
 * Largest sum of bytes of the tensors that live while the steps run, without those that are read or written.
 * @param elementBytes of a tensor that does not say its type: 4 in float32, 1 where a runtime computes in int8.
 */
export function transientBytes(
  network: Network,
  { tensors, steps, writes }: Pick<Lowered, 'tensors' | 'steps' | 'writes'>,
  reads: number,
  elementBytes: number,
): number {
  // What a reshape names anew is the same memory, so it lives as long as either name.
  const memory = tensors.map((_, index) => index);
  for (const step of steps)
    if (step.kind === 'unit' && step.kernel === null && step.inputs.length > 0)
      memory[step.output] = memory[step.inputs[0]!]!;
  const kept = new Set(writes.map((index) => memory[index]!));
  const lastUse = new Map<number, number>();
  for (const [time, step] of steps.entries())
    for (const input of step.inputs) lastUse.set(memory[input]!, time);
  const bytes = (index: number) => {
    const { layer, region, dtype } = tensors[index]!;
    const each = dtype === undefined ? elementBytes : dtype === 'float32' ? FLOAT_BYTES : 1;
    return each * areaOf(region) * network.shapes.get(layer)![2];
  };
  const inside = (index: number) => index >= reads && !kept.has(index);
  let live = 0;
  let peak = 0;
  for (const [time, step] of steps.entries()) {
    if (memory[step.output] === step.output && inside(step.output)) live += bytes(step.output);
    peak = Math.max(peak, live);
    for (const input of new Set(step.inputs.map((index) => memory[index]!))) {
      if (inside(input) && lastUse.get(input) === time) live -= bytes(input);
    }
  }
  return peak;
}
