import { NonnError } from '../../../foundation/index.js';
import type { ActivationFunction, Layer } from '../../layer.js';
import { arrange, conventionOf, mapRoles, reshape, withChannels } from '../arrange.js';
import type { Assembly, Convention, Description, Learned } from '../assembly.js';
import { type Constant, listOf, transposeNumbers } from '../constant.js';
import { alike, seenValue, type Value } from '../value.js';

/** A layer that gives every element its own result: the file sees it as it saw its input. */
export function unary(
  assembly: Assembly,
  name: string,
  value: Value,
  description: Description,
  learned?: Learned,
): Value {
  return { ...value, ...assembly.add(name, description, [value], learned) };
}

export function activation(
  assembly: Assembly,
  name: string,
  value: Value,
  fn: ActivationFunction,
  parameters: { readonly alpha?: number; readonly beta?: number } = {},
): Value {
  return unary(assembly, name, value, { kind: 'activation', function: fn, ...parameters });
}

/** A layer over the channels, which lie along one of the file's axes. */
export function alongChannels(
  assembly: Assembly,
  name: string,
  value: Value,
  axis: number,
  description: Description,
  learned?: Learned,
): Value {
  return unary(assembly, name, withChannels(assembly, value, [axis]), description, learned);
}

/** Layers that combine tensors. */
export type Operation = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

/** Element by element; axes of length 1, and axes that are missing in front, are repeated. */
export function elementwise(
  assembly: Assembly,
  name: string,
  kind: Operation,
  operands: readonly (Value | Constant)[],
): Value {
  const first = operands.find((operand) => operand.kind === 'value');
  if (first === undefined)
    throw new NonnError(`layer ${name}: found constants alone, expected a tensor that is computed`);
  if (operands.length === 1) return first;
  const values = operands.map((operand): Value | Constant =>
    isNumber(operand) ? number(assembly, name, operand) : operand,
  );
  const maps = values.filter((operand) => operand.kind === 'value' && !isScalar(operand)) as readonly Value[];
  if (values.every((operand) => operand.kind === 'value') && maps.every((map) => alike(map, maps[0]!))) {
    const made = assembly.add(name, { kind }, values as readonly Value[]);
    return { ...(maps[0] ?? first), ...made };
  }
  const rank = Math.max(...values.map(({ dims }) => dims.length));
  const full = (dims: readonly number[]) => [...new Array<number>(rank - dims.length).fill(1), ...dims];
  const convention = conventionOf(assembly, maps.find(({ dims }) => dims.length === rank) ?? first);
  const arranged = values.map((operand) =>
    operand.kind === 'value'
      ? arrange(assembly, reshape(assembly, operand, full(operand.dims)), mapRoles(rank, convention))
      : constantMap(assembly, name, operand, full(operand.dims), convention),
  );
  return assembly.mapOf(assembly.add(name, { kind }, arranged), rank, convention);
}

/** A constant as a layer, with its numbers as a map. */
export function constantMap(
  assembly: Assembly,
  name: string,
  value: Constant,
  dims: readonly number[],
  convention: Convention,
): Value {
  const roles = mapRoles(dims.length, convention);
  if (dims.length > 1 && dims[0] !== 1)
    throw new NonnError(
      `layer ${name}: found a constant of ${dims.join('x')}, expected one for each image of a batch`,
    );
  const axes = roles.flat();
  const shape = roles.map((part) => part.reduce((product, axis) => product * dims[axis]!, 1)) as unknown as [
    number,
    number,
    number,
  ];
  listOf(value);
  const numbers = transposeNumbers(
    value.numbers(),
    axes
      .map((axis) => axis)
      .sort((a, b) => a - b)
      .map((axis) => dims[axis]!),
    axes.map((axis) => [...axes].sort((a, b) => a - b).indexOf(axis)),
  );
  const made = assembly.add(`${name}/constant`, { kind: 'constant', shape, values: Array.from(numbers) }, []);
  return assembly.mapOf(made, dims.length, convention);
}

/**
 * A scale or an offset a channel put into the batch normalisation before it, which it only changes the numbers of;
 * undefined where there is none.
 */
export function intoBatchNorm(
  assembly: Assembly,
  value: Value,
  kind: Operation,
  by: Constant,
): Value | undefined {
  const layer: Layer = assembly.layerOf(value);
  const learned = assembly.learnedOf(value);
  if (layer.kind !== 'batchNorm' || (kind !== 'multiply' && kind !== 'add')) return undefined;
  const channels = value.shape[2];
  const alongSecond = by.dims.length === value.dims.length - 1 ? by.dims[0] : by.dims[1];
  if (by.count !== channels || alongSecond !== channels) return undefined;
  const { gamma, beta } = learned;
  if (gamma === undefined || beta === undefined) return undefined;
  const combined = (numbers: Constant, operate: (a: number, b: number) => number): Constant => ({
    ...numbers,
    numbers: () => {
      const other = by.numbers();
      return Float32Array.from(numbers.numbers(), (one, index) => operate(one, other[index]!));
    },
  });
  assembly.replace(
    value,
    layer,
    kind === 'add'
      ? { ...learned, beta: combined(beta, (a, b) => a + b) }
      : { ...learned, gamma: combined(gamma, (a, b) => a * b), beta: combined(beta, (a, b) => a * b) },
  );
  return value;
}

function isNumber(operand: Value | Constant): operand is Constant {
  return operand.kind === 'constant' && operand.count === 1;
}

function isScalar(value: Value): boolean {
  return value.memory.length === 0;
}

/** A number is repeated along every axis, whatever the file's axes are. */
function number(assembly: Assembly, name: string, value: Constant): Value {
  const values = Array.from(value.numbers());
  const made = assembly.add(`${name}/constant`, { kind: 'constant', shape: [1, 1, 1], values }, []);
  return seenValue(made.layer, made.shape, value.dims, [0, 1, 2]);
}
