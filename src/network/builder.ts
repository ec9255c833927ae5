import type { Activation, ActivationFunction, Id, Layer, Padding } from './layer.js';
import { operatorOf } from './layers/index.js';
import { type Network, network } from './network.js';
import type { Shape } from './region.js';

type Pair = number | readonly [number, number];

interface WindowOptions {
  readonly kernel: Pair;
  readonly stride?: Pair;
  readonly padding?: Padding;
  readonly name?: Id;
}

/** A layer without its name. */
export type Unnamed<L = Layer> = L extends Layer ? Omit<L, 'id'> : never;

/**
 * Writes a network down layer by layer; each method adds a layer and returns its name. Names are given or numbered by kind.
 *
 * @example
 * const b = new NetworkBuilder('tiny');
 * const x = b.conv2d(b.input([8, 8, 3]), { filters: 4, kernel: 3 });
 * const tiny = b.build(b.dense(b.globalAvgPool(x), { units: 10 }));
 */
export class NetworkBuilder {
  readonly #id: Id;
  readonly #layers: Layer[] = [];
  readonly #shapes = new Map<Id, Shape>();
  readonly #counts = new Map<string, number>();
  /** Put before every name that is made or given from now on, so that branches do not collide. */
  prefix = '';

  constructor(id: Id) {
    this.#id = id;
  }

  input(shape: Shape, name?: Id): Id {
    return this.add({ kind: 'input', id: this.#name('input', name), inputs: [], shape });
  }

  conv2d(
    from: Id,
    options: WindowOptions & { filters: number; groups?: number; bias?: boolean; dilation?: Pair },
  ): Id {
    const { filters, groups = 1, bias = true, name } = options;
    return this.add({
      kind: 'conv2d',
      id: this.#name('conv', name),
      inputs: [from],
      ...windowOf(options),
      ...dilationOf(options),
      filters,
      groups,
      bias,
    });
  }

  depthwiseConv2d(
    from: Id,
    options: WindowOptions & { multiplier?: number; bias?: boolean; dilation?: Pair },
  ): Id {
    const { multiplier = 1, bias = true, name } = options;
    return this.add({
      kind: 'depthwiseConv2d',
      id: this.#name('depthwise', name),
      inputs: [from],
      ...windowOf(options),
      ...dilationOf(options),
      multiplier,
      bias,
    });
  }

  dense(from: Id, options: { units: number; bias?: boolean; name?: Id }): Id {
    return this.add({
      kind: 'dense',
      id: this.#name('dense', options.name),
      inputs: [from],
      units: options.units,
      bias: options.bias ?? true,
    });
  }

  batchNorm(from: Id, name?: Id): Id {
    return this.add({ kind: 'batchNorm', id: this.#name('bn', name), inputs: [from], epsilon: 1e-3 });
  }

  activation(from: Id, fn: ActivationFunction, options: { alpha?: number; name?: Id } = {}): Id {
    const layer: Activation = {
      kind: 'activation',
      id: this.#name(fn, options.name),
      inputs: [from],
      function: fn,
    };
    return this.add(options.alpha === undefined ? layer : { ...layer, alpha: options.alpha });
  }

  relu(from: Id, name?: Id): Id {
    return this.activation(from, 'relu', name === undefined ? {} : { name });
  }

  maxPool(from: Id, options: WindowOptions): Id {
    const window = windowOf({ stride: options.kernel, padding: 'valid', ...options });
    return this.add({ kind: 'maxPool', id: this.#name('pool', options.name), inputs: [from], ...window });
  }

  avgPool(from: Id, options: WindowOptions): Id {
    const window = windowOf({ stride: options.kernel, padding: 'valid', ...options });
    return this.add({ kind: 'avgPool', id: this.#name('pool', options.name), inputs: [from], ...window });
  }

  globalAvgPool(from: Id, name?: Id): Id {
    return this.add({ kind: 'globalAvgPool', id: this.#name('gap', name), inputs: [from] });
  }

  sum(from: readonly Id[], name?: Id): Id {
    return this.add({ kind: 'add', id: this.#name('add', name), inputs: from });
  }

  concat(from: readonly Id[], name?: Id): Id {
    return this.add({ kind: 'concat', id: this.#name('concat', name), inputs: from });
  }

  flatten(from: Id, name?: Id): Id {
    return this.add({ kind: 'flatten', id: this.#name('flatten', name), inputs: [from] });
  }

  softmax(from: Id, name?: Id): Id {
    return this.add({ kind: 'softmax', id: this.#name('softmax', name), inputs: [from] });
  }

  spaceToDepth(from: Id, block: number, name?: Id): Id {
    return this.add({ kind: 'spaceToDepth', id: this.#name('reorg', name), inputs: [from], block });
  }

  upsample(from: Id, factor: Pair, interpolation: 'nearest' | 'bilinear', name?: Id): Id {
    return this.add({
      kind: 'upsample',
      id: this.#name('upsample', name),
      inputs: [from],
      factor: pair(factor),
      interpolation,
    });
  }

  /** Adds a layer of any kind, with its name made or given. */
  put(layer: Unnamed, name?: Id): Id {
    return this.add({ ...layer, id: this.#name(layer.kind, name) } as Layer);
  }

  /** Adds a layer as it stands. */
  add(layer: Layer): Id {
    this.#layers.push(layer);
    return layer.id;
  }

  /**
   * Shape of a layer's output, for what comes after it to fit.
   * @throws NonnError if layers do not fit so far.
   */
  shapeOf(id: Id): Shape {
    // Layers come after what they read, so each shape follows from those before it.
    for (const layer of this.#layers.slice(this.#shapes.size)) {
      const inputs = layer.inputs.map((input) => this.#shapes.get(input)!);
      this.#shapes.set(layer.id, operatorOf(layer).outputShape(layer, inputs));
    }
    return this.#shapes.get(id)!;
  }

  /** @throws NonnError if the layers do not fit together. */
  build(output: Id): Network {
    return network(this.#id, this.#layers, output);
  }

  #name(kind: string, given: Id | undefined): Id {
    if (given !== undefined) return this.prefix + given;
    const stem = this.prefix + kind;
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    return `${stem}${count}`;
  }
}

function windowOf({ kernel, stride = 1, padding = 'same' }: WindowOptions) {
  return { kernel: pair(kernel), stride: pair(stride), padding };
}

function dilationOf({ dilation }: { readonly dilation?: Pair }) {
  return dilation === undefined ? {} : { dilation: pair(dilation) };
}

function pair(value: Pair): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
