import { bounded, Damage, type Field, readMessage } from './message.js';

/** What nonn reads of an ONNX file (onnx.proto3, github.com/onnx/onnx); tensors stay bytes of the file. */
export interface OnnxModel {
  readonly producer: string;
  /** Version of each set of operators, by domain; the standard one is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
}

export interface OnnxInput {
  readonly name: string;
  /** Sizes; undefined where a size is a symbol or unknown. */
  readonly dims: readonly (number | undefined)[] | undefined;
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxAttribute {
  readonly float?: number;
  readonly integer?: number;
  readonly text?: string;
  readonly tensor?: OnnxTensor;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** Number of the element type: 1 float32, 7 int64 and so on. */
  readonly type: number;
  /** Bytes in the file, little-endian, or undefined where the numbers stand elsewhere. */
  readonly raw?: Uint8Array;
  /** Bytes of `float_data` or `double_data`, in pieces. */
  readonly fixed: readonly Uint8Array[];
  /** Of `int32_data`, `int64_data` and `uint64_data`. */
  readonly integers: readonly number[];
  /** Keys `location`, `offset` and `length` of numbers in a file beside this one. */
  readonly external?: ReadonlyMap<string, string>;
}

/** @throws Damage for bytes that are no ONNX model. */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  let producer = '';
  let graph: OnnxGraph | undefined;
  const opsets = new Map<string, number>();
  readMessage(bytes, {
    2: (value) => {
      producer = value.text();
    },
    7: (value) => {
      graph = decodeGraph(value.bytes());
    },
    8: (value) => {
      let domain = '';
      let version = 0;
      readMessage(value.bytes(), {
        1: (field) => {
          domain = field.text();
        },
        2: (field) => {
          version = field.integer();
        },
      });
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
    },
  });
  if (graph === undefined) throw new Damage('it has no graph');
  return { producer, opsets, graph };
}

function decodeGraph(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initialisers: OnnxTensor[] = [];
  const inputs: OnnxInput[] = [];
  const outputs: string[] = [];
  readMessage(bytes, {
    1: (value) => bounded(nodes, decodeNode(value.bytes()), MOST_ENTRIES, 'nodes'),
    5: (value) => bounded(initialisers, decodeTensor(value.bytes()), MOST_ENTRIES, 'initialisers'),
    11: (value) => bounded(inputs, decodeInput(value.bytes()), MOST_ENTRIES, 'inputs'),
    12: (value) => bounded(outputs, decodeInput(value.bytes()).name, MOST_ENTRIES, 'outputs'),
    15: () => {
      throw new Damage('it has sparse initialisers, which nonn does not read');
    },
  });
  return { nodes, initialisers, inputs, outputs };
}

function decodeNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  const text = { name: '', operator: '', domain: '' };
  readMessage(bytes, {
    1: (value) => bounded(inputs, value.text(), MOST_PORTS, 'inputs of a node'),
    2: (value) => bounded(outputs, value.text(), MOST_PORTS, 'outputs of a node'),
    3: (value) => {
      text.name = value.text();
    },
    4: (value) => {
      text.operator = value.text();
    },
    5: (value) => {
      const [name, attribute] = decodeAttribute(value.bytes());
      if (attributes.size >= MOST_PORTS) throw new Damage(`more than ${MOST_PORTS} attributes of a node`);
      attributes.set(name, attribute);
    },
    7: (value) => {
      text.domain = value.text();
    },
  });
  const domain = text.domain === 'ai.onnx' ? '' : text.domain;
  return { ...text, domain, inputs, outputs, attributes };
}

function decodeAttribute(bytes: Uint8Array): readonly [string, OnnxAttribute] {
  let name = '';
  const floats: number[] = [];
  const integers: number[] = [];
  const found: { float?: number; integer?: number; text?: string; tensor?: OnnxTensor } = {};
  const fixed: Uint8Array[] = [];
  readMessage(bytes, {
    1: (value) => {
      name = value.text();
    },
    2: (value) => {
      found.float = value.float();
    },
    3: (value) => {
      found.integer = value.integer();
    },
    4: (value) => {
      found.text = new TextDecoder().decode(value.bytes().subarray(0, LONGEST_TEXT));
    },
    5: (value) => {
      found.tensor = decodeTensor(value.bytes());
    },
    7: (value) => value.fixed(fixed, MOST_LISTED),
    8: (value) => value.integers(integers, MOST_LISTED),
  });
  for (const part of fixed) {
    if (part.length % 4 !== 0 || floats.length + part.length / 4 > MOST_LISTED)
      throw new Damage(`a list of ${part.length} bytes in the attribute ${name}`);
    const view = new DataView(part.buffer, part.byteOffset, part.length);
    for (let at = 0; at < part.length; at += 4) floats.push(view.getFloat32(at, true));
  }
  return [name, { ...found, floats, integers }];
}

function decodeTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  const fixed: Uint8Array[] = [];
  const integers: number[] = [];
  const external = new Map<string, string>();
  const found: { name: string; type: number; raw?: Uint8Array } = { name: '', type: 0 };
  let isExternal = false;
  const floats: Field = (value) => value.fixed(fixed, MOST_PARTS);
  const whole: Field = (value) => value.integers(integers, MOST_INTEGERS);
  readMessage(bytes, {
    1: (value) => value.integers(dims, MOST_DIMS),
    2: (value) => {
      found.type = value.integer();
    },
    4: floats,
    5: whole,
    7: whole,
    8: (value) => {
      found.name = value.text();
    },
    9: (value) => {
      found.raw = value.bytes();
    },
    10: floats,
    11: whole,
    13: (value) => {
      let [key, text] = ['', ''];
      readMessage(value.bytes(), {
        1: (field) => {
          key = field.text();
        },
        2: (field) => {
          text = field.text();
        },
      });
      if (external.size < MOST_DIMS) external.set(key, text);
    },
    14: (value) => {
      isExternal = value.integer() === 1;
    },
  });
  return { ...found, dims, fixed, integers, ...(isExternal ? { external } : {}) };
}

function decodeInput(bytes: Uint8Array): OnnxInput {
  let name = '';
  let dims: (number | undefined)[] | undefined;
  readMessage(bytes, {
    1: (value) => {
      name = value.text();
    },
    // TypeProto, its tensor_type, and that one's shape.
    2: (type) =>
      readMessage(type.bytes(), {
        1: (tensor) =>
          readMessage(tensor.bytes(), {
            2: (shape) => {
              const sizes: (number | undefined)[] = [];
              dims = sizes;
              readMessage(shape.bytes(), {
                1: (dim) => {
                  let size: number | undefined;
                  readMessage(dim.bytes(), {
                    1: (value) => {
                      size = value.integer();
                    },
                  });
                  bounded(
                    sizes,
                    size !== undefined && size > 0 ? size : undefined,
                    MOST_DIMS,
                    'sizes of a tensor',
                  );
                },
              });
            },
          }),
      }),
  });
  return { name, dims };
}

// Far beyond every network, and small enough that a damaged file cannot fill the memory.
const MOST_ENTRIES = 200_000;
const MOST_PORTS = 10_000;
const MOST_DIMS = 32;
const MOST_LISTED = 1_000_000;
const MOST_INTEGERS = 16_000_000;
const MOST_PARTS = 1_000_000;
const LONGEST_TEXT = 1000;
