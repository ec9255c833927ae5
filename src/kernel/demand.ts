import { NonnError } from '../foundation/index.js';
import {
  bounding,
  inputShapes,
  lengthOf,
  type NeededInput,
  type Network,
  operatorOf,
  type Region,
  sameRegion,
  wholeOf,
} from '../network/index.js';
import type { Id } from './kernel.js';
import type { Held } from './lowered.js';
import { type Unit, unitInputs, unitsByOutput } from './unit.js';

/**
 * The bounding region that a demand needs of each unit's output, traced back to the layers in `given` (and no
 * further): of those, what must be held.
 */
export function requiredRegions(
  network: Network,
  given: readonly Id[],
  writes: readonly Held[],
): ReadonlyMap<Id, Region> {
  return demands(network, new Set(given), writes);
}

/**
 * What a unit needs of each of its inputs for a region of its output; the whole where it cannot be split. Along an axis
 * of which it makes everything it takes everything: an undivided layer is given its whole input, even a last row that
 * no window reaches.
 */
export function neededInputs(network: Network, unit: Unit, output: Region): readonly NeededInput[] {
  const { anchor } = unit;
  const inputs = inputShapes(network, anchor);
  const [height, width] = network.shapes.get(unit.output)!;
  return inputs.map((input, index) => {
    const needed = operatorOf(anchor).neededInput(anchor, output, inputs, index);
    if (needed === null) return { region: wholeOf(input), pad: { top: 0, bottom: 0, left: 0, right: 0 } };
    const { rows, columns } = needed.region;
    const region: Region = {
      rows: lengthOf(output.rows) === height ? [0, input[0]] : rows,
      columns: lengthOf(output.columns) === width ? [0, input[1]] : columns,
    };
    return { region, pad: needed.pad };
  });
}

/** Whether a unit's output can be computed in parts. */
export function isSplittable(network: Network, unit: Unit): boolean {
  const whole = wholeOf(network.shapes.get(unit.output)!);
  const inputs = inputShapes(network, unit.anchor);
  return operatorOf(unit.anchor).neededInput(unit.anchor, whole, inputs, 0) !== null;
}

/** The bounding region that is needed of each unit's output, found from the last unit to the first. */
export function demands(
  network: Network,
  given: { has(layer: Id): boolean },
  writes: readonly Held[],
): ReadonlyMap<Id, Region> {
  const byOutput = unitsByOutput(network);
  const order = [...byOutput.values()];
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
