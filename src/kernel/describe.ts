import {
  areaOf,
  inputShapes,
  lengthOf,
  type NeededInput,
  type Network,
  operatorOf,
  type Region,
} from '../network/index.js';
import { FLOAT_BYTES, type Kernel, kernel } from './kernel.js';
import { shapeOf } from './kernel-shape.js';
import { isGiven, isRenaming, type Unit } from './unit.js';
import { unitWeightElements } from './unit-weights.js';

/**
 * The kernel that computes a region of a unit's output, or null for a unit that only names or reshapes a tensor
 * (an input, a constant, a flattening). `needed` is what it reads of each input.
 */
export function describeUnit(
  network: Network,
  unit: Unit,
  output: Region,
  needed: readonly NeededInput[],
): Kernel | null {
  const { anchor } = unit;
  if (isGiven(anchor) || isRenaming(anchor)) return null;
  const inputs = inputShapes(network, anchor);
  const outputShape = network.shapes.get(unit.output)!;
  const elements = areaOf(output) * outputShape[2];
  const operator = operatorOf(anchor);
  // Of an embedding's table only the rows that are looked up are read.
  const weightElements = anchor.kind === 'embedding' ? elements : unitWeightElements(network, unit);
  const addedBias = unit.folded !== undefined && !('bias' in anchor && anchor.bias);
  const read = needed.reduce((sum, { region }, index) => sum + areaOf(region) * inputs[index]![2], 0);
  return kernel({
    family: anchor.kind,
    layers: unit.layers.map((layer) => layer.id),
    shape: shapeOf(unit, inputs, output, outputShape, needed),
    macs: Math.round(elements * operator.macsPerOutput(anchor, inputs)),
    flops: Math.round(
      elements *
        (operator.flopsPerOutput(anchor, inputs) + (addedBias ? 1 : 0) + (unit.fused === undefined ? 0 : 1)),
    ),
    bytes: FLOAT_BYTES * (read + weightElements + elements),
  });
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
