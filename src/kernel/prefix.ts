import { NonnError } from '../foundation/index.js';
import type { Id, Network } from '../network/index.js';
import { isSplittable } from './demand.js';
import { isGiven, type Unit, unitInputs, unitsByOutput } from './unit.js';

/** The first units of a network, of which later ones read only the last one's output. */
export interface FusedPrefix {
  readonly units: readonly Unit[];
  readonly input: Id;
  readonly output: Id;
}

/**
 * The first `fused` units after the input, constants not counted (of YOLOv2: convolutions with their normalisation and activation, and
 * pools, as DeepThings counts layers).
 *
 * @throws NonnError if there are not so many, if one of them cannot be split in space, or if later units read more
 * than the last one's output; it names the nearest counts that can be fused.
 */
export function fusedPrefix(network: Network, fused: number): FusedPrefix {
  const [input, ...others] = network.inputs;
  if (input === undefined || others.length > 0) {
    throw new NonnError(
      `network ${network.id}: found ${network.inputs.length} inputs, expected one to fuse layers from`,
    );
  }
  const all = [...unitsByOutput(network).values()].filter(({ anchor }) => !isGiven(anchor));
  const valid = fusableCounts(network, all);
  if (!valid.includes(fused)) throw cannotFuse(network, all, valid, fused);
  const units = all.slice(0, fused);
  return { units, input, output: units.at(-1)!.output };
}

function cannotFuse(
  network: Network,
  all: readonly Unit[],
  valid: readonly number[],
  fused: number,
): NonnError {
  const whole = all.slice(0, fused).find((unit) => !isSplittable(network, unit));
  const found =
    fused > all.length
      ? `${fused} layers to fuse where there are ${all.length}`
      : whole !== undefined
        ? `"${whole.output}" among ${fused} layers to fuse, a ${whole.anchor.kind} that cannot be cut in space`
        : `${fused} layers to fuse, of which later ones read more than the last one's output`;
  const near = [...valid].sort((a, b) => Math.abs(a - fused) - Math.abs(b - fused) || a - b).slice(0, 5);
  return new NonnError(
    `network ${network.id}: found ${found}, expected a number that can be fused${near.length === 0 ? ' (there is none)' : `, such as ${near.sort((a, b) => a - b).join(', ')}`}`,
  );
}

/** Every count of first units that can be fused, ascending. */
function fusableCounts(network: Network, all: readonly Unit[]): number[] {
  const position = new Map(all.map((unit, index) => [unit.output, index]));
  const lastReader = new Map<Id, number>();
  for (const [index, unit] of all.entries())
    for (const input of unitInputs(unit)) lastReader.set(input, index);
  const counts: number[] = [];
  let furthest = -1;
  for (const [index, unit] of all.entries()) {
    if (!isSplittable(network, unit)) break;
    for (const input of unitInputs(unit))
      if (!position.has(input) && network.byId.get(input)!.kind !== 'constant')
        furthest = Math.max(furthest, lastReader.get(input)!);
    if (index > 0) furthest = Math.max(furthest, lastReader.get(all[index - 1]!.output) ?? -1);
    // Everything before this unit must have been read by now; its own output is what the rest reads.
    if (furthest <= index) counts.push(index + 1);
  }
  return counts;
}
