import type { Id, LayerKind } from './layer.js';
import { operatorOf } from './layers/index.js';
import { inputShapes, type Network, weightsOf } from './network.js';
import type { Shape } from './region.js';
import { bytesSaved } from './weights/store.js';

/** What one layer costs. */
export interface LayerCost {
  readonly name: Id;
  readonly kind: LayerKind;
  /** `[height, width, channels]`. */
  readonly output: Shape;
  /** Moving statistics included, as Keras counts. */
  readonly parameters: number;
  readonly macs: number;
}

/** What a network costs for one image, before any fusion. */
export interface NetworkCost {
  readonly network: Id;
  /** Shape of its first input. */
  readonly input: Shape;
  /** Moving statistics of batch normalisation included, as Keras counts. */
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Multiply-adds of convolutions of any kind, dense layers and matrix products. */
  readonly macs: number;
  /** Every operation, two for a multiply-add. */
  readonly flops: number;
  /** Bytes of all parameters: as float32, or of an int8 network kernels as bytes with a scale for each output channel. */
  readonly weightBytes: number;
  readonly layers: readonly LayerCost[];
}

/** Parameters and work of a network as it stands, layer by layer. */
export function costOf(network: Network): NetworkCost {
  let trainableParameters = 0;
  let flops = 0;
  const layers = network.layers.map((layer): LayerCost => {
    const output = network.shapes.get(layer.id)!;
    const inputs = inputShapes(network, layer);
    const elements = product(output);
    const operator = operatorOf(layer);
    let parameters = 0;
    for (const weight of weightsOf(network, layer)) {
      parameters += product(weight.shape);
      if (weight.trainable) trainableParameters += product(weight.shape);
    }
    // Of a transposed convolution, an element's share of the work is a fraction.
    flops += Math.round(elements * operator.flopsPerOutput(layer, inputs));
    return {
      name: layer.id,
      kind: layer.kind,
      output,
      parameters,
      macs: Math.round(elements * operator.macsPerOutput(layer, inputs)),
    };
  });
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return {
    network: network.id,
    input: network.shapes.get(network.inputs[0]!)!,
    parameters,
    trainableParameters,
    macs: layers.reduce((sum, layer) => sum + layer.macs, 0),
    flops,
    weightBytes:
      WEIGHT_BYTES * parameters - network.layers.reduce((sum, layer) => sum + bytesSaved(network, layer), 0),
    layers,
  };
}

/** Bytes of a float32 weight. */
const WEIGHT_BYTES = 4;

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
