import { NonnError } from '../../foundation/index.js';
import type { Shape } from '../region.js';
import type { Assembly, Convention } from './assembly.js';
import { type Atom, atomsByAxis, reshaped, type Value } from './value.js';

/** Which of the file's axes are the rows, the columns and the channels of a map. */
export type Roles = readonly [
  rows: readonly number[],
  columns: readonly number[],
  channels: readonly number[],
];

/** Roles of the axes of a file's tensor by its number of axes; the batch has none. */
export function mapRoles(rank: number, convention: Convention): Roles {
  switch (rank) {
    case 4:
      return convention === 'channelsFirst' ? [[2], [3], [1]] : [[1], [2], [3]];
    case 3:
      return convention === 'channelsFirst' ? [[2], [], [1]] : [[1], [], [2]];
    case 2:
      return [[], [], [1]];
    case 1:
      return [[], [], [0]];
    default:
      throw new NonnError(
        `found a tensor of ${rank} axes, expected a batch of maps (4 axes), sequences (3) or lists (2)`,
      );
  }
}

/** The value as a map whose memory is rows, columns, channels in the file's own sense: what a convolution needs. */
export function asMap(assembly: Assembly, value: Value, convention = assembly.convention): Value {
  return arrange(assembly, value, mapRoles(value.dims.length, convention));
}

/**
 * The convention in which a value stands in memory already: for layers that do not care which axes are channels. A file
 * of one convention may hold parts of the other, and sequences have their features last everywhere.
 */
export function conventionOf(assembly: Assembly, value: Value): Convention {
  const { convention } = assembly;
  const other = convention === 'channelsFirst' ? 'channelsLast' : 'channelsFirst';
  const rank = value.dims.length;
  if (rank !== 3 && rank !== 4) return convention;
  return !stands(value, mapRoles(rank, convention)) && stands(value, mapRoles(rank, other))
    ? other
    : convention;
}

function stands(value: Value, roles: Roles): boolean {
  const atoms = atomsByAxis(value);
  const wanted = roles.flat().flatMap((axis) => atoms[axis]!);
  const shape = roles.map((axes) => axes.reduce((product, axis) => product * value.dims[axis]!, 1));
  return (
    wanted.every((atom, index) => atom === value.memory[index]) &&
    shape.every((size, axis) => size === value.shape[axis])
  );
}

/** The value with these of the file's axes as its channels; left as it is where they are its channels already. */
export function withChannels(assembly: Assembly, value: Value, axes: readonly number[]): Value {
  const atoms = atomsByAxis(value);
  const wanted = axes.flatMap((axis) => atoms[axis]!);
  const last = value.memory.slice(value.memory.length - wanted.length);
  const size = wanted.reduce((product, atom) => product * atom.size, 1);
  if (size === value.shape[2] && wanted.every((atom, index) => atom === last[index])) return value;
  const others = value.dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return arrange(assembly, value, [others, [], axes]);
}

/**
 * Moves a value in memory so that its map has these roles; adds no layer where it stands so already, or where somebody
 * asked for the same before.
 */
export function arrange(assembly: Assembly, value: Value, roles: Roles): Value {
  return assembly.remembered(value, roles.map((axes) => axes.join()).join('/'), () =>
    arranged(assembly, value, roles),
  );
}

function arranged(assembly: Assembly, value: Value, roles: Roles): Value {
  const atoms = atomsByAxis(value);
  const wanted = roles.flat().flatMap((axis) => atoms[axis]!);
  const sizes = roles.map((axes) => axes.reduce((product, axis) => product * value.dims[axis]!, 1));
  const shape = sizes as unknown as Shape;
  if (wanted.length !== value.memory.length)
    throw new NonnError(
      `layer ${value.layer}: found a tensor of ${value.dims.join('x')}, expected a batch of one image along its first axis`,
    );
  return shapedAs(assembly, moved(assembly, value, wanted), shape);
}

/** The value with other axes for the file. @throws NonnError if it has another number of elements. */
export function reshape(assembly: Assembly, value: Value, dims: readonly number[]): Value {
  const count = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);
  if (count(dims) !== count(value.dims))
    throw new NonnError(
      `layer ${value.layer}: found a reshape from ${value.dims.join('x')} to ${dims.join('x')}, expected as many elements`,
    );
  const seen = reshaped(value, dims);
  if (seen !== undefined) return seen;
  // The new axes cut through old ones: moved into the file's order, everything is one axis that can be cut anywhere.
  const flat = moved(assembly, value, value.order);
  const one: Atom = { size: count(dims) };
  return reshaped({ ...flat, memory: [one], order: [one] }, dims)!;
}

/**
 * The value as a reader of the network's output expects it: a batch of maps with its channels last, anything else in the
 * file's own order.
 */
export function asOutput(assembly: Assembly, value: Value): Value {
  const { dims } = value;
  if (dims.length === 4 && dims[0] === 1) return asMap(assembly, value, conventionOf(assembly, value));
  if (dims.length === 3 && dims[0] === 1) return asMap(assembly, value, 'channelsLast');
  return arrange(assembly, value, [[], [], dims.map((_, axis) => axis)]);
}

function shapedAs(assembly: Assembly, value: Value, shape: Shape): Value {
  if (shape.every((size, axis) => size === value.shape[axis])) return value;
  const made = assembly.add(`${value.layer}/reshape`, { kind: 'reshape', shape }, [value]);
  return { ...value, ...made };
}

/** Moves atoms of memory into an order, by as few layers as it takes. */
function moved(assembly: Assembly, value: Value, wanted: readonly Atom[]): Value {
  if (wanted.every((atom, index) => atom === value.memory[index])) return value;
  const shuffled = shuffle(assembly, value, wanted);
  if (shuffled !== undefined) return shuffled;
  let now = value;
  // Of three blocks the last two change places, which brings the next wanted atoms to where they belong.
  for (let done = 0; done < wanted.length; ) {
    if (now.memory[done] === wanted[done]) {
      done++;
      continue;
    }
    const from = now.memory.indexOf(wanted[done]!);
    const blocks = [now.memory.slice(0, done), now.memory.slice(done, from), now.memory.slice(from)] as const;
    now = shapedAs(assembly, now, blocks.map(sizeOf) as unknown as Shape);
    const made = assembly.add(`${value.layer}/transpose`, { kind: 'transpose', permutation: [0, 2, 1] }, [
      now,
    ]);
    now = { ...now, ...made, memory: [...blocks[0], ...blocks[2], ...blocks[1]] };
  }
  return now;
}

/** An exchange between groups of channels keeps rows and columns, and so can be cut in space. */
function shuffle(assembly: Assembly, value: Value, wanted: readonly Atom[]): Value | undefined {
  const [height, width, channels] = value.shape;
  const same = wanted.findIndex((atom, index) => atom !== value.memory[index]);
  let pixels = 0;
  for (let size = 1; size < height * width; pixels++) size *= value.memory[pixels]!.size;
  if (same < pixels || sizeOf(value.memory.slice(pixels)) !== channels) return undefined;
  const now = value.memory.slice(pixels);
  const cut = now.indexOf(wanted[pixels]!);
  const swapped = [...now.slice(cut), ...now.slice(0, cut)];
  if (!swapped.every((atom, index) => atom === wanted[pixels + index])) return undefined;
  const description = { kind: 'channelShuffle', groups: sizeOf(now.slice(0, cut)) } as const;
  const made = assembly.add(`${value.layer}/shuffle`, description, [value]);
  return { ...value, ...made, memory: wanted };
}

function sizeOf(atoms: readonly Atom[]): number {
  return atoms.reduce((product, atom) => product * atom.size, 1);
}
