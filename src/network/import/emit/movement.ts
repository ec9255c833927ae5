import { NonnError } from '../../../foundation/index.js';
import type { Shape } from '../../region.js';
import { arrange, asMap, conventionOf, mapRoles } from '../arrange.js';
import type { Assembly, Convention } from '../assembly.js';
import type { Constant } from '../constant.js';
import { atomsByAxis, seenValue, type Value } from '../value.js';
import { constantMap } from './pixel.js';

/** Tensors one after the other along one of the file's axes. */
export function concat(
  assembly: Assembly,
  name: string,
  operands: readonly (Value | Constant)[],
  axis: number,
): Value {
  const rank = operands[0]!.dims.length;
  if (operands.some(({ dims }) => dims.length !== rank))
    throw new NonnError(`layer ${name}: found tensors of different numbers of axes, expected equal ones`);
  const first = operands.find((operand) => operand.kind === 'value');
  const convention = first === undefined ? assembly.convention : conventionOf(assembly, first);
  const maps = operands.map((operand) =>
    operand.kind === 'value'
      ? asMap(assembly, operand, convention)
      : constantMap(assembly, name, operand, operand.dims, convention),
  );
  if (maps.length === 1) return maps[0]!;
  const along = roleOf(name, rank, axis, convention);
  const part = along === 2 ? {} : ({ axis: along === 0 ? 'rows' : 'columns' } as const);
  return assembly.mapOf(assembly.add(name, { kind: 'concat', ...part }, maps), rank, convention);
}

/** A part along some of the file's axes: from `begin`, so many, each `step`th. */
export function slice(
  assembly: Assembly,
  name: string,
  value: Value,
  parts: ReadonlyMap<number, { readonly begin: number; readonly size: number; readonly step: number }>,
): Value {
  const rank = value.dims.length;
  const begin = [0, 0, 0];
  const step = [1, 1, 1];
  const convention = conventionOf(assembly, value);
  const map = asMap(assembly, value, convention);
  const size = [...map.shape];
  for (const [axis, part] of parts) {
    if (part.begin === 0 && part.step === 1 && part.size === value.dims[axis]) continue;
    const role = roleOf(name, rank, axis, convention);
    begin[role] = part.begin;
    size[role] = part.size;
    step[role] = part.step;
  }
  if (size.every((count, role) => count === map.shape[role])) return value;
  const made = assembly.add(
    name,
    {
      kind: 'slice',
      begin: begin as unknown as Shape,
      size: size as unknown as Shape,
      ...(step.every((one) => one === 1) ? {} : { step: step as unknown as Shape }),
    },
    [map],
  );
  return assembly.mapOf(made, rank, convention);
}

/** More around a tensor, by the file's axes. */
export function pad(
  assembly: Assembly,
  name: string,
  value: Value,
  margins: readonly (readonly [before: number, after: number])[],
  mode: 'constant' | 'reflect',
  number: number,
): Value {
  const rank = value.dims.length;
  const convention = conventionOf(assembly, value);
  const sides: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  for (const [axis, margin] of margins.entries())
    if (margin[0] !== 0 || margin[1] !== 0) sides[roleOf(name, rank, axis, convention)] = [...margin];
  const [rows, columns, channels] = sides as [[number, number], [number, number], [number, number]];
  if (sides.flat().every((count) => count === 0)) return value;
  const made = assembly.add(
    name,
    { kind: 'pad', rows, columns, channels, mode, ...(number === 0 ? {} : { value: number }) },
    [asMap(assembly, value, convention)],
  );
  return assembly.mapOf(made, rank, convention);
}

/** Mean or maximum over some of the file's axes; what is left are the channels. */
export function reduce(
  assembly: Assembly,
  name: string,
  value: Value,
  axes: readonly number[],
  kind: 'globalAvgPool' | 'globalMaxPool',
  keepDims: boolean,
): Value {
  const reduced = new Set(axes);
  const atoms = atomsByAxis(value);
  const gone = new Set(axes.flatMap((axis) => atoms[axis]!));
  const pixels = value.memory.slice(0, gone.size);
  const inPlace =
    pixels.every((atom) => gone.has(atom)) &&
    pixels.reduce((product, atom) => product * atom.size, 1) === value.shape[0] * value.shape[1];
  const kept = value.dims.map((_, axis) => axis).filter((axis) => !reduced.has(axis));
  const from = inPlace ? value : arrange(assembly, value, [[...axes], [], kept]);
  const made = assembly.add(name, { kind }, [from]);
  const dims = keepDims
    ? value.dims.map((size, axis) => (reduced.has(axis) ? 1 : size))
    : kept.map((axis) => value.dims[axis]!);
  return {
    ...seenValue(made.layer, made.shape, dims, [0, 1, 2]),
    memory: from.memory.filter((atom) => !gone.has(atom)),
    order: from.order.filter((atom) => !gone.has(atom)),
  };
}

/** Which axis of nonn's map one of the file's axes is. */
function roleOf(name: string, rank: number, axis: number, convention: Convention): 0 | 1 | 2 {
  const role = mapRoles(rank, convention).findIndex((axes) => axes.includes(axis));
  if (role < 0)
    throw new NonnError(
      `layer ${name}: found work along axis ${axis}, the batch, expected one image at a time`,
    );
  return role as 0 | 1 | 2;
}
