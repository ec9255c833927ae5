import { areaOf, type Network } from '../../network/index.js';
import { FLOAT_BYTES } from '../kernel.js';
import { lowerWhole } from '../lower.js';
import type { Lowered, Step } from '../lowered.js';
import { type Workspace, workspace } from './kernel-workspace.js';
import { Tape, type TfjsRuntime } from './tape.js';

/**
 * Bytes of tensors beside the weights that live at once while a runtime of TensorFlow.js runs an undivided network on one
 * image, from the second inference on (in the first, weights come in and are cut into their groups): constants, maps until
 * they have been read for the last time, and what a kernel makes inside.
 */
export function activationPeak(network: Network, runtime: TfjsRuntime): number {
  const lowered = lowerWhole(network);
  const bytesOf = (index: number) => {
    const { layer, region } = lowered.tensors[index]!;
    return FLOAT_BYTES * areaOf(region) * network.shapes.get(layer)![2];
  };
  const lastUse = lastUses(lowered);
  // For each tensor the memory that it is a name of; none where a constant's own is named.
  const memory: (Memory | undefined)[] = [];
  const named = (index: number, of: Memory | undefined) => {
    if (of !== undefined) of.names++;
    memory[index] = of;
  };
  let live = lowered.steps.reduce(
    (sum, step) => sum + (isConstant(step) ? bytesOf(step.output) : filledBytes(network, step)),
    0,
  );
  for (const index of network.inputs.keys()) {
    named(index, { bytes: bytesOf(index), names: 0 });
    live += bytesOf(index);
  }
  let peak = live;
  for (const [time, step] of lowered.steps.entries()) {
    const makes = stepMakes(step, runtime, bytesOf(step.output));
    peak = Math.max(peak, live + makes.peak);
    live += makes.output;
    named(
      step.output,
      makes.output > 0 ? { bytes: makes.output, names: 0 } : memory[step.inputs[0] ?? Number.NaN],
    );
    for (const index of new Set([...step.inputs, step.output])) {
      const held = memory[index];
      if (lastUse.get(index) !== time || held === undefined) continue;
      held.names--;
      if (held.names === 0) live -= held.bytes;
    }
  }
  return peak;
}

/** Bytes that are freed with the last tensor that is made of them. */
interface Memory {
  readonly bytes: number;
  names: number;
}

function stepMakes(step: Step, runtime: TfjsRuntime, bytes: number): Workspace {
  if (step.kernel !== null) return workspace(step.kernel, runtime);
  const tape = new Tape(runtime);
  // A constant is passed on under another name; a map that is renamed gets another shape.
  const output = isConstant(step) ? tape.copy(bytes) : tape.reshape(4);
  return { peak: tape.most, output };
}

/** A normalisation that stands alone gets ones for the scales that it has not learned, and zeros for the offsets. */
function filledBytes(network: Network, step: Step): number {
  if (step.kind !== 'unit' || step.unit.anchor.kind !== 'batchNorm') return 0;
  const { id, scale, center } = step.unit.anchor;
  const missing = [scale, center].filter((learned) => learned === false).length;
  return FLOAT_BYTES * missing * network.shapes.get(id)![2];
}

function isConstant(step: Step): boolean {
  return step.kind === 'unit' && step.unit.anchor.kind === 'constant';
}

/** The step after which each tensor is freed: the last that reads it, or the one that makes it for nobody. */
function lastUses({ steps, writes }: Lowered): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (const [time, { inputs, output }] of steps.entries())
    for (const index of [...inputs, output]) last.set(index, time);
  for (const index of writes) last.delete(index);
  return last;
}
