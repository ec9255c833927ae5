import { elementwise, intoBatchNorm, type Operation } from '../emit/pixel.js';
import type { NodeReader, Operand } from './node.js';

/** What each operation does with two numbers. */
export const operationOn: Readonly<Record<Operation, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: Math.max,
  minimum: Math.min,
};

/** Inputs of a node of which one or more are computed, combined element by element, or by the batch normalisation before it. */
export function combined(node: NodeReader, kind: Operation): Operand {
  const operands = node.inputs.map((_, index) => node.operand(index));
  const [a, b] = operands as [Operand, Operand];
  const [value, other] = a.kind === 'value' ? [a, b] : [b, a];
  if (operands.length === 2 && value.kind === 'value' && other.kind === 'constant' && node.readers === 1) {
    const joined = intoBatchNorm(node.assembly, value, kind, other);
    if (joined !== undefined) return joined;
  }
  return elementwise(node.assembly, node.name, kind, operands);
}
