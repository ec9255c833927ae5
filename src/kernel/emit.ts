import { NonnError } from '../foundation/index.js';
import {
  areaOf,
  contains,
  intersect,
  isEmpty,
  lengthOf,
  type NeededInput,
  type Network,
  type Range,
  type Region,
  sameRegion,
  spanOf,
} from '../network/index.js';
import { neededInputs } from './demand.js';
import { dequantiseKernel, describeUnit, gatherKernel } from './describe.js';
import { FLOAT_BYTES, type Id } from './kernel.js';
import type { Held, Lowered, Step } from './lowered.js';
import { transientBytes } from './transient.js';
import { type Unit, unitInputs, unitsByOutput } from './unit.js';

/** The steps of a demand whose required regions are known, in the order of the units. */
export function emit(
  network: Network,
  reads: readonly Held[],
  given: ReadonlyMap<Id, readonly number[]>,
  required: ReadonlyMap<Id, Region>,
  writes: readonly Held[],
  elementBytes: number = FLOAT_BYTES,
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
  /** A tensor that holds just this region of a layer that has been made. */
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
    // Every reader cuts what it needs out of a piece that holds it all, and often need not cut at all.
    if (holding !== undefined && dtype !== 'uint8') return holding;
    const exact = parts.length === 1 && sameRegion(tensors[parts[0]!]!.region, region);
    // Bytes of an image are cut and joined as bytes, so that only what is needed is turned into numbers.
    const gathered = exact ? parts[0]! : gather(layer, region, parts, dtype);
    if (dtype !== 'uint8') return gathered;
    const output = tensor(layer, region);
    const kernel = dequantiseKernel(layer, region, channelsOf(layer));
    steps.push({ kind: 'dequantise', inputs: [gathered], output, kernel });
    return output;
  };
  for (const unit of unitsByOutput(network).values()) {
    const region = required.get(unit.output);
    if (region === undefined) continue;
    const pieces = given.get(unit.output);
    if (pieces !== undefined) {
      made.set(unit.output, assemble(unit.output, region, pieces));
      continue;
    }
    const needed = neededInputs(network, unit, region).map((input, position) => {
      const held = tensors[made.get(unitInputs(unit)[position]!)!]!.region;
      return readsAsItIs(unit, input, held, region) ? { region: held, pad: input.pad } : input;
    });
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
    transientBytes: transientBytes(network, { tensors, steps, writes: written }, reads.length, elementBytes),
  };
}

/**
 * Whether a window can run over all that a tensor holds: what lies after the needed part is too little for a window
 * more. A strided window often leaves the last row unread, and no runtime makes a copy without it.
 */
function readsAsItIs({ anchor }: Unit, needed: NeededInput, held: Region, output: Region): boolean {
  if (!('kernel' in anchor) || sameRegion(needed.region, held)) return false;
  const along = (axis: 0 | 1, read: Range, has: Range, before: number, after: number, made: number) => {
    if (has[0] !== read[0] || has[1] < read[1]) return false;
    if (has[1] === read[1]) return true;
    const windows = Math.floor((lengthOf(has) + before - spanOf(anchor, axis)) / anchor.stride[axis]) + 1;
    return after === 0 && windows === made;
  };
  const { region, pad } = needed;
  return (
    along(0, region.rows, held.rows, pad.top, pad.bottom, lengthOf(output.rows)) &&
    along(1, region.columns, held.columns, pad.left, pad.right, lengthOf(output.columns))
  );
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
