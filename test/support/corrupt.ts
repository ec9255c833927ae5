import type { RandomStream } from '../../src/foundation/index.js';
import type { NodeDescription, OnnxDescription, TensorDescription } from './onnx-file.js';

/** Bytes as a bad disk, a cut connection or a careless hand leaves them. */
export function corruptBytes(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const copy = bytes.slice();
  const place = () => random.integer(copy.length);
  switch (random.integer(5)) {
    case 0:
      return copy.subarray(0, place());
    case 1:
      for (let count = 1 + random.integer(8); count > 0; count--) copy[place()] = random.integer(256);
      return copy;
    case 2:
      copy[place()]! ^= 1 << random.integer(8);
      return copy;
    case 3:
      return copy.copyWithin(place(), place(), place());
    default: {
      const at = place();
      // Bytes above 127 go on: a length or a size becomes huge.
      const huge = Uint8Array.from({ length: random.integer(12) }, () => 128 + random.integer(128));
      return Uint8Array.from([...copy.subarray(0, at), ...huge, ...copy.subarray(at)]);
    }
  }
}

const sizes = [0, 1, -1, 2, 3, 7, 255, 65_536, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 53 - 1, -7];
const operators = [
  'Conv',
  'Reshape',
  'Transpose',
  'Concat',
  'MatMul',
  'Gemm',
  'MaxPool',
  'Slice',
  'Softmax',
  'Add',
  'Gather',
];

/** A well-formed ONNX file that means nonsense: cycles, huge sizes, wrong operators, lost inputs. */
export function corruptModel(model: OnnxDescription, random: RandomStream): OnnxDescription {
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;
  const names = [
    ...model.nodes.flatMap(({ outputs }) => outputs),
    ...Object.keys(model.tensors ?? {}),
    'x',
    '',
  ];
  const at = random.integer(model.nodes.length);
  const changed = (change: (node: NodeDescription) => NodeDescription): OnnxDescription => ({
    ...model,
    nodes: model.nodes.map((node, index) => (index === at ? change(node) : node)),
  });
  switch (random.integer(7)) {
    case 0:
      return changed((node) => ({
        ...node,
        inputs: node.inputs.map((name) => (random.integer(2) === 0 ? pick(names) : name)),
      }));
    case 1:
      return changed((node) => ({ ...node, operator: pick(operators) }));
    case 2:
      return changed((node) => ({
        ...node,
        inputs: node.inputs.slice(0, random.integer(node.inputs.length + 1)),
      }));
    case 3:
      return changed((node) => ({
        ...node,
        attributes: Object.fromEntries(
          Object.entries(node.attributes ?? { axis: 0 }).map(([name, value]) => [
            name,
            Array.isArray(value)
              ? value.map((one: number) => (random.integer(2) === 0 ? pick(sizes) : one))
              : typeof value === 'number'
                ? pick(sizes)
                : value,
          ]),
        ),
      }));
    case 4: {
      const inputs = Object.entries(model.inputs).map(([name, dims]) => [
        name,
        dims.map((size) => (random.integer(2) === 0 ? pick(sizes) : size)),
      ]);
      return { ...model, inputs: Object.fromEntries(inputs) };
    }
    case 5: {
      const tensors = Object.entries(model.tensors ?? {}).map(
        ([name, tensor]): [string, TensorDescription] => [
          name,
          random.integer(3) > 0
            ? tensor
            : tensor.as === 'int64'
              ? { ...tensor, values: Array.from(tensor.values!, () => pick(sizes)) }
              : { ...tensor, dims: tensor.dims.map(() => pick(sizes)) },
        ],
      );
      return { ...model, tensors: Object.fromEntries(tensors) };
    }
    default:
      return { ...model, opset: 7 + random.integer(15), outputs: [pick(names)] };
  }
}

/** JSON with one of its values replaced, however deep it stands. */
export function corruptJson(data: unknown, random: RandomStream): unknown {
  const values = [
    null,
    true,
    -1,
    0,
    1e308,
    '',
    'x',
    [],
    {},
    [[]],
    [1e9, 1e9],
    { class_name: 'Dense' },
    2 ** 40,
  ];
  const replace = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object' || random.integer(6) === 0)
      return values[random.integer(values.length)];
    if (Array.isArray(value)) {
      const at = random.integer(Math.max(1, value.length));
      return value.map((one, index) => (index === at ? replace(one) : one));
    }
    const keys = Object.keys(value);
    const key = keys[random.integer(Math.max(1, keys.length))];
    if (random.integer(8) === 0)
      return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, name === key ? replace(one) : one]),
    );
  };
  return replace(data);
}
