import { complain, type NonnError } from '../../../foundation/index.js';
import type { Assembly } from '../assembly.js';
import { type Constant, listOf, scalarOf } from '../constant.js';
import type { Value } from '../value.js';

/** What a node reads: a tensor that is computed, or one that the file carries. */
export type Operand = Value | Constant;

/** One operation of a graph, of ONNX or of TensorFlow. */
export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  /** Names of tensors; an empty one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, GraphAttribute>;
}

export interface GraphAttribute {
  readonly float?: number;
  readonly integer?: number;
  readonly text?: string;
  readonly tensor?: () => Constant;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly texts?: readonly string[];
}

/** How an operator becomes layers: gives the node's outputs in order. */
export type OperatorImport = (node: NodeReader) => Operand | readonly Operand[];

/** One node of a graph with what it reads. */
export class NodeReader {
  constructor(
    readonly node: GraphNode,
    readonly name: string,
    readonly inputs: readonly (Operand | undefined)[],
    readonly assembly: Assembly,
    readonly opset: number,
    /** How many nodes read what the first input names. */
    readonly readers: number,
  ) {}

  /** Input number `index`. @throws NonnError if it is not there. */
  operand(index: number): Operand {
    const operand = this.inputs[index];
    if (operand === undefined) throw this.wrong(`no input ${index + 1}`, 'one');
    return operand;
  }

  /** An input that is computed. */
  value(index: number): Value {
    const operand = this.operand(index);
    if (operand.kind === 'constant')
      throw this.wrong(`a constant as input ${index + 1}`, 'a tensor that is computed');
    return operand;
  }

  /** An input that the file carries. */
  constant(index: number): Constant {
    const operand = this.operand(index);
    if (operand.kind === 'value')
      throw this.wrong(`input ${index + 1} computed`, 'a constant, known before any input');
    return operand;
  }

  optionalConstant(index: number): Constant | undefined {
    return this.inputs[index] === undefined ? undefined : this.constant(index);
  }

  /** Numbers of an input, or of the attribute that older versions of the operator had in its place. */
  list(index: number, attribute: string): readonly number[] | undefined {
    const input = this.optionalConstant(index);
    if (input !== undefined) return listOf(input);
    const found = this.node.attributes.get(attribute);
    return found === undefined ? undefined : [...found.integers, ...found.floats];
  }

  number(index: number, attribute: string): number | undefined {
    const input = this.optionalConstant(index);
    return input === undefined ? this.node.attributes.get(attribute)?.float : scalarOf(input);
  }

  float(attribute: string, otherwise: number): number {
    return this.node.attributes.get(attribute)?.float ?? otherwise;
  }

  integer(attribute: string, otherwise: number): number {
    return this.node.attributes.get(attribute)?.integer ?? otherwise;
  }

  integers(attribute: string): readonly number[] | undefined {
    const found = this.node.attributes.get(attribute);
    return found === undefined || found.integers.length === 0 ? undefined : found.integers;
  }

  text(attribute: string, otherwise: string): string {
    return this.node.attributes.get(attribute)?.text ?? otherwise;
  }

  attribute(name: string): GraphAttribute | undefined {
    return this.node.attributes.get(name);
  }

  tensor(attribute: string): Constant | undefined {
    return this.node.attributes.get(attribute)?.tensor?.();
  }

  /** An axis counted from the front. @throws NonnError if there is no such axis. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (!Number.isSafeInteger(counted) || counted < 0 || counted >= rank)
      throw this.wrong(`axis ${axis}`, `one of ${rank} axes`);
    return counted;
  }

  wrong(found: string, expected: string): NonnError {
    return complain({ file: `node ${this.name} (${this.node.operator})`, found, expected });
  }
}
