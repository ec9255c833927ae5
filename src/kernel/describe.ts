import {
  areaOf,
  inputShapes,
  type Layer,
  lengthOf,
  type NeededInput,
  type Network,
  operatorOf,
  type Region,
  type Shape,
  type Window,
  weightsOf,
} from '../network/index.js';
import { activationCode } from './activation-code.js';
import { FLOAT_BYTES, type Kernel, kernel } from './kernel.js';
import type { Unit } from './unit.js';

/**
 * The kernel that computes a region of a unit's output, or null for a unit that only names or reshapes a tensor
 * (an input, a flattening). `needed` is what it reads of each input.
 */
export function describeUnit(
  network: Network,
  unit: Unit,
  output: Region,
  needed: readonly NeededInput[],
): Kernel | null {
  const { anchor } = unit;
  if (anchor.kind === 'input' || anchor.kind === 'flatten') return null;
  const inputs = inputShapes(network, anchor);
  const outputShape = network.shapes.get(unit.output)!;
  const elements = areaOf(output) * outputShape[2];
  const operator = operatorOf(anchor);
  const folded = unit.folded === undefined ? 0 : network.shapes.get(anchor.id)![2];
  const weightElements = weightsOf(network, anchor)
    .filter((weight) => weight.trainable || anchor.kind === 'batchNorm')
    .reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
  const hasBias = 'bias' in anchor && anchor.bias;
  const addedBias = folded > 0 && !hasBias ? folded : 0;
  const read = needed.reduce((sum, { region }, index) => sum + areaOf(region) * inputs[index]![2], 0);
  return kernel({
    family: anchor.kind,
    layers: unit.layers.map((layer) => layer.id),
    shape: shapeOf(unit, anchor, inputs, output, outputShape, needed),
    macs: elements * operator.macsPerOutput(anchor, inputs),
    flops:
      elements *
      (operator.flopsPerOutput(anchor, inputs) +
        (addedBias > 0 ? 1 : 0) +
        (unit.fused === undefined ? 0 : 1)),
    bytes: FLOAT_BYTES * (read + weightElements + addedBias + elements),
  });
}

function shapeOf(
  unit: Unit,
  anchor: Layer,
  inputs: readonly Shape[],
  output: Region,
  outputShape: Shape,
  needed: readonly NeededInput[],
): Record<string, number> {
  const height = needed[0] === undefined ? inputs[0]![0] : lengthOf(needed[0].region.rows);
  const width = needed[0] === undefined ? inputs[0]![1] : lengthOf(needed[0].region.columns);
  const channels = inputs[0]![2];
  const map = { height, width, channels };
  const out = { outHeight: lengthOf(output.rows), outWidth: lengthOf(output.columns) };
  const hasBias = unit.folded !== undefined || ('bias' in anchor && anchor.bias) ? 1 : 0;
  switch (anchor.kind) {
    case 'conv2d':
      return {
        ...map,
        ...windowShape(anchor, needed[0]!),
        groups: anchor.groups,
        ...out,
        filters: anchor.filters,
        bias: hasBias,
        activation: activationCode(unit.fused),
      };
    case 'depthwiseConv2d':
      return {
        ...map,
        ...windowShape(anchor, needed[0]!),
        multiplier: anchor.multiplier,
        ...out,
        bias: hasBias,
        activation: activationCode(unit.fused),
      };
    case 'dense':
      return {
        inputs: height * width * channels,
        units: anchor.units,
        bias: hasBias,
        activation: activationCode(unit.fused),
      };
    case 'maxPool':
    case 'avgPool':
      return { ...map, ...windowShape(anchor, needed[0]!), ...out };
    case 'activation':
      return { ...map, activation: activationCode(anchor) };
    case 'add':
      return { ...map, terms: inputs.length };
    case 'concat':
      return { ...map, channels: outputShape[2], parts: inputs.length };
    case 'spaceToDepth':
      return { ...map, block: anchor.block };
    case 'upsample':
      return {
        ...map,
        factorHeight: anchor.factor[0],
        factorWidth: anchor.factor[1],
        bilinear: anchor.interpolation === 'bilinear' ? 1 : 0,
      };
    default:
      return map;
  }
}

function windowShape(window: Window, { pad }: NeededInput): Record<string, number> {
  return {
    kernelHeight: window.kernel[0],
    kernelWidth: window.kernel[1],
    strideHeight: window.stride[0],
    strideWidth: window.stride[1],
    padTop: pad.top,
    padBottom: pad.bottom,
    padLeft: pad.left,
    padRight: pad.right,
  };
}

/** The kernel that assembles a region from `parts` tensors, or cuts it out of one. */
export function gatherKernel(
  layer: string,
  region: Region,
  channels: number,
  parts: number,
  elementBytes: number,
): Kernel {
  const height = lengthOf(region.rows);
  const width = lengthOf(region.columns);
  return kernel({
    family: 'gather',
    layers: [layer],
    shape: { height, width, channels, parts, elementBytes },
    macs: 0,
    flops: 0,
    bytes: 2 * elementBytes * height * width * channels,
  });
}

/** The kernel that turns bytes of an image into numbers in 0..1. */
export function dequantiseKernel(layer: string, region: Region, channels: number): Kernel {
  const height = lengthOf(region.rows);
  const width = lengthOf(region.columns);
  return kernel({
    family: 'dequantise',
    layers: [layer],
    shape: { height, width, channels },
    macs: 0,
    flops: height * width * channels,
    bytes: (1 + FLOAT_BYTES) * height * width * channels,
  });
}
