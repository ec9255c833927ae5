import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A small ONNX model, as its fields are named in onnx.proto3. */
export interface OnnxDescription {
  readonly opset?: number;
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeDescription[];
  readonly tensors?: Readonly<Record<string, TensorDescription>>;
}

export interface NodeDescription {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<
    Record<string, number | string | readonly number[] | { float: number } | TensorDescription>
  >;
}

export interface TensorDescription {
  readonly dims: readonly number[];
  readonly values?: ArrayLike<number>;
  /** float32 as raw bytes unless said otherwise. */
  readonly as?: 'raw' | 'floats' | 'int64';
  readonly external?: Readonly<Record<string, string>>;
}

/** Bytes of an ONNX file. */
export function onnxFile({ opset = 13, inputs, outputs, nodes, tensors = {} }: OnnxDescription): Uint8Array {
  const writer = new BinaryWriter();
  field(writer, 1).int64(8);
  writer.tag(2, WireType.LengthDelimited).string('nonn test');
  message(writer, 7, (graph) => {
    for (const node of nodes) message(graph, 1, (to) => writeNode(to, node));
    graph.tag(2, WireType.LengthDelimited).string('graph');
    for (const [name, tensor] of Object.entries(tensors))
      message(graph, 5, (to) => writeTensor(to, tensor, name));
    for (const [name, dims] of Object.entries(inputs)) message(graph, 11, (to) => writeInput(to, name, dims));
    for (const name of outputs) message(graph, 12, (to) => writeInput(to, name));
  });
  message(writer, 8, (to) => field(to, 2).int64(opset));
  return writer.finish();
}

/** Numbers that look random and that anybody can make again: sin(first + index), scaled. */
export function waves(count: number, first = 1, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => scale * Math.sin(first + index));
}

export function tensor(dims: readonly number[], first: number, scale = 1): TensorDescription {
  return {
    dims,
    values: waves(
      dims.reduce((product, size) => product * size, 1),
      first,
      scale,
    ),
  };
}

export function integers(...values: readonly number[]): TensorDescription {
  return { dims: [values.length], values, as: 'int64' };
}

function field(writer: BinaryWriter, number: number): BinaryWriter {
  return writer.tag(number, WireType.Varint);
}

function message(writer: BinaryWriter, number: number, write: (to: BinaryWriter) => void): void {
  const inner = new BinaryWriter();
  write(inner);
  writer.tag(number, WireType.LengthDelimited).bytes(inner.finish());
}

function writeNode(to: BinaryWriter, node: NodeDescription): void {
  for (const name of node.inputs) to.tag(1, WireType.LengthDelimited).string(name);
  for (const name of node.outputs) to.tag(2, WireType.LengthDelimited).string(name);
  if (node.name !== undefined) to.tag(3, WireType.LengthDelimited).string(node.name);
  to.tag(4, WireType.LengthDelimited).string(node.operator);
  for (const [name, value] of Object.entries(node.attributes ?? {}))
    message(to, 5, (attribute) => {
      attribute.tag(1, WireType.LengthDelimited).string(name);
      if (typeof value === 'number') field(attribute, 3).int64(value);
      else if (typeof value === 'string') attribute.tag(4, WireType.LengthDelimited).string(value);
      else if ('float' in value) attribute.tag(2, WireType.Bit32).float(value.float);
      else if ('dims' in value) message(attribute, 5, (inner) => writeTensor(inner, value, ''));
      else for (const one of value) field(attribute, 8).int64(one);
      const type =
        typeof value === 'number'
          ? 2
          : typeof value === 'string'
            ? 3
            : 'float' in value
              ? 1
              : 'dims' in value
                ? 4
                : 7;
      field(attribute, 20).int32(type);
    });
  if (node.domain !== undefined) to.tag(7, WireType.LengthDelimited).string(node.domain);
}

function writeTensor(
  to: BinaryWriter,
  { dims, values, as = 'raw', external }: TensorDescription,
  name: string,
): void {
  for (const size of dims) field(to, 1).int64(size);
  field(to, 2).int32(as === 'int64' ? 7 : 1);
  to.tag(8, WireType.LengthDelimited).string(name);
  if (external !== undefined) {
    for (const [key, value] of Object.entries(external))
      message(to, 13, (entry) => {
        entry.tag(1, WireType.LengthDelimited).string(key);
        entry.tag(2, WireType.LengthDelimited).string(value);
      });
    field(to, 14).int32(1);
    return;
  }
  const list = Array.from(values ?? []);
  if (as === 'int64') {
    const inner = new BinaryWriter();
    for (const value of list) inner.int64(value);
    to.tag(7, WireType.LengthDelimited).bytes(inner.finish());
  } else
    to.tag(as === 'raw' ? 9 : 4, WireType.LengthDelimited).bytes(
      new Uint8Array(Float32Array.from(list).buffer),
    );
}

function writeInput(to: BinaryWriter, name: string, dims?: readonly (number | string)[]): void {
  to.tag(1, WireType.LengthDelimited).string(name);
  message(to, 2, (type) =>
    message(type, 1, (tensorType) => {
      field(tensorType, 1).int32(1);
      if (dims === undefined) return;
      message(tensorType, 2, (shape) => {
        for (const size of dims)
          message(shape, 1, (dim) => {
            if (typeof size === 'number') field(dim, 1).int64(size);
            else dim.tag(2, WireType.LengthDelimited).string(size);
          });
      });
    }),
  );
}
