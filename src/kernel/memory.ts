import type { Network } from '../network/index.js';
import { FLOAT_BYTES, type Id } from './kernel.js';
import { isRenaming, type Unit, unitInputs, unitsByOutput } from './unit.js';

/** Bytes of activations that live while one unit runs: its inputs, its output, and whatever is still to be read. */
export interface MemoryMoment {
  readonly unit: Unit;
  readonly bytes: number;
}

/**
 * Live activations in the order of execution, in float32, one moment a fused unit: a tensor lives from the unit that
 * makes it to the last that reads it, the network's inputs from the start, its output to the end. A flattened
 * tensor is the same memory under another name.
 */
export function memoryMoments(network: Network): readonly MemoryMoment[] {
  const order = [...unitsByOutput(network).values()];
  const memory = new Map<Id, Id>();
  const lastUse = new Map<Id, number>();
  for (const [time, unit] of order.entries()) {
    const inputs = unitInputs(unit).map((input) => memory.get(input)!);
    const own = isRenaming(unit.anchor) ? inputs[0]! : unit.output;
    memory.set(unit.output, own);
    for (const id of [...inputs, own]) lastUse.set(id, time);
  }
  lastUse.set(memory.get(network.output)!, Number.POSITIVE_INFINITY);
  const bytesOf = (id: Id) => network.shapes.get(id)!.reduce((a, b) => a * b, FLOAT_BYTES);
  let live = network.inputs.reduce((sum, id) => sum + bytesOf(id), 0);
  return order.map((unit, time) => {
    if (unit.anchor.kind !== 'input' && memory.get(unit.output) === unit.output) live += bytesOf(unit.output);
    const moment = { unit, bytes: live };
    const touched = new Set([...unitInputs(unit), unit.output].map((id) => memory.get(id)!));
    for (const id of touched) if (lastUse.get(id) === time) live -= bytesOf(id);
    return moment;
  });
}

/** The moment at which most activations live; the first of equals. */
export function peakMemory(network: Network): MemoryMoment {
  return memoryMoments(network).reduce((peak, moment) => (moment.bytes > peak.bytes ? moment : peak));
}
