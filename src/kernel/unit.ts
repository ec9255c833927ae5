import type {
  Activation,
  BatchNorm,
  Conv2d,
  Dense,
  DepthwiseConv2d,
  Id,
  Layer,
  Network,
} from '../network/index.js';
import { isFusable } from './activation-code.js';

/**
 * Layers that run as one kernel. Only the output of its last layer ever exists as a tensor, so pieces of a plan are
 * pieces of unit outputs.
 */
export interface Unit {
  /** The layer whose operator gives the kernel its family. */
  readonly anchor: Layer;
  /** Batch normalisation that is folded into the anchor's weights. */
  readonly folded?: BatchNorm;
  /** Activation that the kernel applies to its result. */
  readonly fused?: Activation;
  /** All of its layers, in order. */
  readonly layers: readonly Layer[];
  /** The last layer's name. */
  readonly output: Id;
}

/**
 * Groups a network's layers into the units that the wasm backend runs: a convolution or dense layer takes a batch
 * normalisation that follows it and then an activation that the backend can fuse, as long as nobody else reads
 * what lies between.
 */
export function units(network: Network): readonly Unit[] {
  const taken = new Set<Id>();
  const result: Unit[] = [];
  for (const anchor of network.layers) {
    if (taken.has(anchor.id)) continue;
    const layers: Layer[] = [anchor];
    let folded: BatchNorm | undefined;
    let fused: Activation | undefined;
    if (takesMore(anchor)) {
      const norm = onlyConsumer(network, anchor);
      if (norm?.kind === 'batchNorm') {
        folded = norm;
        layers.push(norm);
      }
      const activation = onlyConsumer(network, layers.at(-1)!);
      if (activation?.kind === 'activation' && isFusable(activation)) {
        fused = activation;
        layers.push(activation);
      }
    }
    for (const layer of layers) taken.add(layer.id);
    result.push({
      anchor,
      ...(folded === undefined ? {} : { folded }),
      ...(fused === undefined ? {} : { fused }),
      layers,
      output: layers.at(-1)!.id,
    });
  }
  return orderByInputs(network, result);
}

const cache = new WeakMap<Network, { list: readonly Unit[]; byOutput: ReadonlyMap<Id, Unit> }>();

/** Units of a network by the name of their output, in an order in which each comes after its inputs; remembered. */
export function unitsByOutput(network: Network): ReadonlyMap<Id, Unit> {
  let entry = cache.get(network);
  if (entry === undefined) {
    const list = units(network);
    entry = { list, byOutput: new Map(list.map((unit) => [unit.output, unit])) };
    cache.set(network, entry);
  }
  return entry.byOutput;
}

/** Names of the unit outputs that a unit reads. */
export function unitInputs(unit: Unit): readonly Id[] {
  return unit.anchor.inputs;
}

/** Whether a layer is there without anything that runs: an input, or a constant, which every device has. */
export function isGiven(layer: Layer): boolean {
  return layer.kind === 'input' || layer.kind === 'constant';
}

/** Whether a layer only gives its input another name or shape: the same memory, and nothing that runs. */
export function isRenaming(layer: Layer): boolean {
  return layer.kind === 'flatten' || layer.kind === 'reshape' || layer.kind === 'dropout';
}

function takesMore(layer: Layer): layer is Conv2d | DepthwiseConv2d | Dense {
  return layer.kind === 'conv2d' || layer.kind === 'depthwiseConv2d' || layer.kind === 'dense';
}

function onlyConsumer(network: Network, layer: Layer): Layer | undefined {
  const consumers = network.consumers.get(layer.id)!;
  return consumers.length === 1 && layer.id !== network.output ? network.byId.get(consumers[0]!) : undefined;
}

/** A unit stands where its last layer stands, so that no unit comes before what it reads. */
function orderByInputs(network: Network, list: readonly Unit[]): readonly Unit[] {
  const position = new Map(network.layers.map((layer, index) => [layer.id, index]));
  return [...list].sort((a, b) => position.get(a.output)! - position.get(b.output)!);
}
