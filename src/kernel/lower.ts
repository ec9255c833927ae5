import { NonnError } from '../foundation/index.js';
import {
  areaOf,
  bounding,
  contains,
  type Id,
  inputShapes,
  intersect,
  isEmpty,
  type NeededInput,
  type Network,
  operatorOf,
  type Region,
  sameRegion,
  wholeOf,
} from '../network/index.js';
import { dequantiseKernel, describeUnit, gatherKernel } from './describe.js';
import { FLOAT_BYTES, type Kernel } from './kernel.js';
import { type Unit, unitInputs, unitsByOutput } from './unit.js';

/** A tensor that holds a region of a unit's output, every channel of it. */
export interface Held {
  readonly layer: Id;
  readonly region: Region;
  /** `uint8` is decoded to 0..1 before use; `float32` where it is left out. */
  readonly dtype?: 'float32' | 'int8' | 'uint8';
}

/** One step of a lowered demand. Tensors are named by their place in `Lowered.tensors`. */
export type Step =
  /** Runs a unit's kernel (null: it only gives the tensor a new name and shape) on one tensor an input. */
  | {
      readonly kind: 'unit';
      readonly unit: Unit;
      readonly inputs: readonly number[];
      readonly needed: readonly NeededInput[];
      readonly output: number;
      readonly kernel: Kernel | null;
    }
  /** Assembles a region out of tensors of the same layer, or cuts it out of one. */
  | {
      readonly kind: 'gather';
      readonly inputs: readonly number[];
      readonly output: number;
      readonly kernel: Kernel;
    }
  /** Turns bytes of an image into numbers in 0..1. */
  | {
      readonly kind: 'dequantise';
      readonly inputs: readonly [number];
      readonly output: number;
      readonly kernel: Kernel;
    };

/** A demand as a list of steps. */
export interface Lowered {
  /** Every tensor that the steps read or make: what is read first, in the order given. */
  readonly tensors: readonly Held[];
  readonly steps: readonly Step[];
  /** The tensor of each written region, in the order given. */
  readonly writes: readonly number[];
  /** The kernels that run, in order. */
  readonly kernels: readonly Kernel[];
  /** Largest sum of bytes of tensors that live inside: neither read nor written by the demand. */
  readonly transientBytes: number;
}

/**
 * Lowers a demand: which kernels compute the `writes` from the `reads`, on just the regions that are needed.
 * Regions are traced back from the outputs; where several layers need parts of one tensor, their bounding region is
 * made once. A layer of which anything is read is never computed.
 *
 * @throws NonnError if what is read does not suffice, or a layer that cannot be split is asked for in part.
 */
export function lower(network: Network, reads: readonly Held[], writes: readonly Held[]): Lowered {
  const byOutput = unitsByOutput(network);
  const order = [...byOutput.values()];
  const given = groupByLayer(reads);
  const required = demands(network, order, byOutput, given, writes);
  return emit(network, order, reads, given, required, writes);
}

/** Lowers a whole network: from its inputs to its output. */
export function lowerWhole(network: Network): Lowered {
  const held = (layer: Id): Held => ({ layer, region: wholeOf(network.shapes.get(layer)!) });
  return lower(network, network.inputs.map(held), [held(network.output)]);
}

/**
 * The bounding region that a demand needs of each unit's output, traced back to the layers in `given` (and no
 * further): of those, what must be held.
 */
export function requiredRegions(
  network: Network,
  given: readonly Id[],
  writes: readonly Held[],
): ReadonlyMap<Id, Region> {
  const byOutput = unitsByOutput(network);
  return demands(
    network,
    [...byOutput.values()],
    byOutput,
    new Map(given.map((layer) => [layer, []])),
    writes,
  );
}

/** What a unit needs of each of its inputs for a region of its output; the whole where it cannot be split. */
export function neededInputs(network: Network, unit: Unit, output: Region): readonly NeededInput[] {
  const { anchor } = unit;
  const inputs = inputShapes(network, anchor);
  return anchor.inputs.map((_, index) => {
    const needed = operatorOf(anchor).neededInput(anchor, output, inputs, index);
    return needed ?? { region: wholeOf(inputs[index]!), pad: { top: 0, bottom: 0, left: 0, right: 0 } };
  });
}

/** Whether a unit's output can be computed in parts. */
export function isSplittable(network: Network, unit: Unit): boolean {
  const whole = wholeOf(network.shapes.get(unit.output)!);
  const inputs = inputShapes(network, unit.anchor);
  return operatorOf(unit.anchor).neededInput(unit.anchor, whole, inputs, 0) !== null;
}

function groupByLayer(reads: readonly Held[]): Map<Id, number[]> {
  const groups = new Map<Id, number[]>();
  for (const [index, read] of reads.entries()) {
    const group = groups.get(read.layer);
    if (group === undefined) groups.set(read.layer, [index]);
    else group.push(index);
  }
  return groups;
}

/** The bounding region that is needed of each unit's output, found from the last unit to the first. */
function demands(
  network: Network,
  order: readonly Unit[],
  byOutput: ReadonlyMap<Id, Unit>,
  given: ReadonlyMap<Id, readonly number[]>,
  writes: readonly Held[],
): Map<Id, Region> {
  const required = new Map<Id, Region>();
  const need = (layer: Id, region: Region) => {
    const known = required.get(layer);
    required.set(layer, known === undefined ? region : bounding(known, region));
  };
  for (const write of writes) {
    if (!byOutput.has(write.layer))
      throw new NonnError(
        `network ${network.id}: found a demand for "${write.layer}", expected the last layer of a fused unit`,
      );
    need(write.layer, write.region);
  }
  for (let index = order.length - 1; index >= 0; index--) {
    const unit = order[index]!;
    const region = required.get(unit.output);
    if (region === undefined || given.has(unit.output)) continue;
    if (unit.anchor.kind === 'input')
      throw new NonnError(
        `network ${network.id}: found no piece of input "${unit.output}" among what is read, expected one`,
      );
    const whole = wholeOf(network.shapes.get(unit.output)!);
    if (!isSplittable(network, unit) && !sameRegion(region, whole)) {
      throw new NonnError(
        `network ${network.id}: found a part of "${unit.output}" asked for, expected all of it, since ${unit.anchor.kind} cannot be split`,
      );
    }
    for (const [position, { region: input }] of neededInputs(network, unit, region).entries()) {
      const layer = unitInputs(unit)[position]!;
      // A strided window may leave the last rows of a layer unread that can only be made whole.
      const whole = !given.has(layer) && !isSplittable(network, byOutput.get(layer)!);
      need(layer, whole ? wholeOf(network.shapes.get(layer)!) : input);
    }
  }
  return required;
}

function emit(
  network: Network,
  order: readonly Unit[],
  reads: readonly Held[],
  given: ReadonlyMap<Id, readonly number[]>,
  required: ReadonlyMap<Id, Region>,
  writes: readonly Held[],
): Lowered {
  const tensors: Held[] = [...reads];
  const steps: Step[] = [];
  const made = new Map<Id, number>();
  const cuts = new Map<string, number>();
  const channelsOf = (layer: Id) => network.shapes.get(layer)![2];
  const tensor = (layer: Id, region: Region, dtype?: Held['dtype']) =>
    tensors.push(dtype === undefined ? { layer, region } : { layer, region, dtype }) - 1;
  const gather = (layer: Id, region: Region, inputs: readonly number[], dtype?: Held['dtype']) => {
    const output = tensor(layer, region, dtype);
    const kernel = gatherKernel(
      layer,
      region,
      channelsOf(layer),
      inputs.length,
      dtype === 'uint8' ? 1 : FLOAT_BYTES,
    );
    steps.push({ kind: 'gather', inputs, output, kernel });
    return output;
  };
  /** The tensor that holds just this region of a layer that has been made. */
  const part = (layer: Id, region: Region) => {
    const source = made.get(layer)!;
    if (sameRegion(tensors[source]!.region, region)) return source;
    const key = `${layer}/${region.rows}/${region.columns}`;
    const known = cuts.get(key);
    if (known !== undefined) return known;
    const output = gather(layer, region, [source]);
    cuts.set(key, output);
    return output;
  };
  const assemble = (layer: Id, region: Region, pieces: readonly number[]) => {
    const usable = pieces.filter((index) => !isEmpty(intersect(tensors[index]!.region, region)));
    const holding = usable.find((index) => contains(tensors[index]!.region, region));
    const parts = holding === undefined ? usable : [holding];
    checkCover(
      network,
      layer,
      region,
      parts.map((index) => tensors[index]!.region),
    );
    const dtype = tensors[parts[0]!]!.dtype;
    const exact = parts.length === 1 && sameRegion(tensors[parts[0]!]!.region, region);
    // Bytes of an image are cut and joined as bytes, so that only what is needed is turned into numbers.
    const gathered = exact ? parts[0]! : gather(layer, region, parts, dtype);
    if (dtype !== 'uint8') return gathered;
    const output = tensor(layer, region);
    const kernel = dequantiseKernel(layer, region, channelsOf(layer));
    steps.push({ kind: 'dequantise', inputs: [gathered], output, kernel });
    return output;
  };
  for (const unit of order) {
    const region = required.get(unit.output);
    if (region === undefined) continue;
    const pieces = given.get(unit.output);
    if (pieces !== undefined) {
      made.set(unit.output, assemble(unit.output, region, pieces));
      continue;
    }
    const needed = neededInputs(network, unit, region);
    const inputs = unitInputs(unit).map((layer, position) => part(layer, needed[position]!.region));
    const output = tensor(unit.output, region);
    steps.push({
      kind: 'unit',
      unit,
      inputs,
      needed,
      output,
      kernel: describeUnit(network, unit, region, needed),
    });
    made.set(unit.output, output);
  }
  const written = writes.map((write) => part(write.layer, write.region));
  return {
    tensors,
    steps,
    writes: written,
    kernels: steps.flatMap((step) => (step.kernel === null ? [] : [step.kernel])),
    transientBytes: transient(tensors, steps, reads.length, written, channelsOf),
  };
}

/** Pieces of one layer never overlap inside what they are assembled to, so areas tell whether they cover it. */
function checkCover(network: Network, layer: Id, region: Region, parts: readonly Region[]): void {
  const covered = parts.reduce((sum, part) => sum + areaOf(intersect(part, region)), 0);
  if (covered < areaOf(region)) {
    throw new NonnError(
      `network ${network.id}: found pieces that cover ${covered} of ${areaOf(region)} pixels of "${layer}", expected all of them`,
    );
  }
}

function transient(
  tensors: readonly Held[],
  steps: readonly Step[],
  reads: number,
  writes: readonly number[],
  channelsOf: (layer: Id) => number,
): number {
  // What a reshape names anew is the same memory, so it lives as long as either name.
  const memory = tensors.map((_, index) => index);
  for (const step of steps)
    if (step.kind === 'unit' && step.kernel === null) memory[step.output] = memory[step.inputs[0]!]!;
  const kept = new Set(writes.map((index) => memory[index]!));
  const lastUse = new Map<number, number>();
  for (const [time, step] of steps.entries())
    for (const input of step.inputs) lastUse.set(memory[input]!, time);
  const bytes = (index: number) =>
    FLOAT_BYTES * areaOf(tensors[index]!.region) * channelsOf(tensors[index]!.layer);
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
