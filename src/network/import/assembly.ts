import { complain, NonnError } from '../../foundation/index.js';
import type { Id, Layer } from '../layer.js';
import { operatorOf } from '../layers/index.js';
import { type Network, network } from '../network.js';
import type { Shape } from '../region.js';
import { type Constant, floats } from './constant.js';
import { seenValue, type Value } from './value.js';

/** Order of a map's axes in a file: channels first as in ONNX and PyTorch, or last as in TensorFlow. */
export type Convention = 'channelsFirst' | 'channelsLast';

/** A layer without its name and inputs. */
export type Description = Unnamed<Layer>;

type Unnamed<L extends Layer> = L extends Layer ? Omit<L, 'id' | 'inputs'> : never;

/** Learned tensors of a layer in nonn's own layout, by name. */
export type Learned = Readonly<Record<string, Constant>>;

/** Collects the layers of a file's network as they are found, with their shapes and where their weights are. */
export class Assembly {
  readonly #id: Id;
  readonly #layers = new Map<Id, Layer>();
  readonly #shapes = new Map<Id, Shape>();
  readonly #learned = new Map<Id, Learned>();
  readonly #arranged = new WeakMap<Value, Map<string, Value>>();

  constructor(
    id: Id,
    readonly convention: Convention,
  ) {
    this.#id = id;
  }

  /**
   * Adds a layer; a name that is taken gets a number.
   * @returns its name and shape.
   * @throws NonnError if inputs or weights do not fit.
   */
  add(
    name: string,
    description: Description,
    inputs: readonly Value[],
    learned?: Learned,
  ): { readonly layer: Id; readonly shape: Shape } {
    if (this.#layers.size >= MOST_LAYERS)
      throw new NonnError(`found more than ${MOST_LAYERS} layers, expected a network that one can run`);
    const id = this.#unique(name);
    const layer = { ...description, id, inputs: inputs.map((input) => input.layer) } as Layer;
    const shapes = inputs.map((input) => input.shape);
    const operator = operatorOf(layer);
    const shape = operator.outputShape(layer, shapes);
    const count = shape.reduce((product, size) => product * size, 1);
    if (!shape.every((size) => Number.isSafeInteger(size) && size > 0) || count > MOST_ELEMENTS)
      throw new NonnError(
        `layer ${id}: found an output of ${shape.join('x')}, expected whole numbers above 0 with a product below 2^32`,
      );
    if (learned !== undefined) {
      checkWeights(layer, shapes, learned);
      this.#learned.set(id, learned);
    }
    this.#layers.set(id, layer);
    this.#shapes.set(id, shape);
    return { layer: id, shape };
  }

  /** What was made of a value under this key, made only once. */
  remembered(value: Value, key: string, make: () => Value): Value {
    const known = this.#arranged.get(value) ?? new Map<string, Value>();
    this.#arranged.set(value, known);
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  }

  /** The layer that makes a value. */
  layerOf(value: Value): Layer {
    return this.#layers.get(value.layer)!;
  }

  learnedOf(value: Value): Learned {
    return this.#learned.get(value.layer) ?? {};
  }

  /** Puts another description in the place of a layer that gives the same shape: a bias is added to it, say. */
  replace(value: Value, layer: Layer, learned: Learned | undefined): void {
    this.#layers.set(value.layer, layer);
    if (learned === undefined) return;
    checkWeights(
      layer,
      layer.inputs.map((input) => this.#shapes.get(input)!),
      learned,
    );
    this.#learned.set(value.layer, learned);
  }

  /** A map that a layer made, as the file sees it with so many axes. */
  mapOf(
    { layer, shape }: { readonly layer: Id; readonly shape: Shape },
    rank: number,
    convention = this.convention,
  ): Value {
    const [height, width, channels] = shape;
    if (rank <= 2)
      return seenValue(
        layer,
        shape,
        [...new Array<number>(rank - 1).fill(1), height * width * channels],
        [0, 1, 2],
      );
    const space = rank === 3 ? [height * width] : [height, width];
    return convention === 'channelsFirst'
      ? seenValue(layer, shape, [1, channels, ...space], [2, 0, 1])
      : seenValue(layer, shape, [1, ...space, channels], [0, 1, 2]);
  }

  /** @throws NonnError if the layers do not fit together. */
  build(output: Id): Network {
    const built = network(this.#id, [...this.#layers.values()], output);
    if (![...this.#learned.values()].some((learned) => Object.keys(learned).length > 0)) return built;
    const learned = this.#learned;
    return {
      ...built,
      weights: (layer) =>
        Object.fromEntries(
          Object.entries(learned.get(layer) ?? {}).map(([name, value]) => [name, floats(value)]),
        ),
    };
  }

  #unique(name: string): Id {
    const wanted = name === '' ? 'layer' : name.slice(0, LONGEST_NAME);
    if (!this.#layers.has(wanted)) return wanted;
    for (let number = 2; ; number++)
      if (!this.#layers.has(`${wanted}#${number}`)) return `${wanted}#${number}`;
  }
}

function checkWeights(layer: Layer, inputs: readonly Shape[], learned: Learned): void {
  const weights = operatorOf(layer).weights(layer, inputs);
  for (const { name, shape } of weights) {
    const count = shape.reduce((product, size) => product * size, 1);
    const given = learned[name];
    if (given?.count !== count)
      throw complain({
        file: `layer ${layer.id}`,
        found: given === undefined ? `no ${name}` : `a ${name} of ${given.dims.join('x')}`,
        expected: `${shape.join('x')} numbers`,
      });
  }
}

const MOST_LAYERS = 50_000;
/** A larger map would not fit in the memory of any device. */
const MOST_ELEMENTS = 2 ** 32;
const LONGEST_NAME = 200;
