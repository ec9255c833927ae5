import { activationOfCode, type Kernel } from '../kernel/index.js';

/** Names under which a profile keeps the parameters of kernels that behave alike. */
export const latencyFamilies = [
  'conv3x3',
  'conv1x1',
  'conv',
  'depthwise3x3',
  'depthwise',
  'dense',
  'pool',
  'elementwise',
  'move',
] as const;

export type LatencyFamily = (typeof latencyFamilies)[number];

/** Why each family stands apart from its neighbours. */
export const familyReasons: Readonly<Record<LatencyFamily, string>> = {
  conv3x3: '3x3 with stride 1: ncnn runs it by Winograd, with fewer multiplications than it counts',
  conv1x1: '1x1: a matrix product without unrolling of patches',
  conv: 'every other convolution: patches are unrolled first, or strides skip input',
  depthwise3x3: '3x3 on each channel by itself: little arithmetic a byte, hand-written kernels',
  depthwise: 'other windows on each channel by itself: rarely hand-written',
  dense: 'a matrix times one vector: every weight is read for a single multiply-add',
  pool: 'maximum or mean over a window',
  elementwise: 'one or a few operations on each element: limited by memory',
  move: 'no arithmetic at all: concatenation, cutting, padding, rearrangement',
};

/** Where a profile without a family looks instead, in this order; such a cost is extrapolated. */
export const familyFallbacks: Readonly<Record<LatencyFamily, readonly LatencyFamily[]>> = {
  conv3x3: ['conv', 'conv1x1'],
  conv1x1: ['conv', 'conv3x3'],
  conv: ['conv1x1', 'conv3x3'],
  depthwise3x3: ['depthwise', 'elementwise'],
  depthwise: ['depthwise3x3', 'elementwise'],
  dense: ['elementwise'],
  pool: ['elementwise', 'move'],
  elementwise: ['move', 'pool'],
  move: ['elementwise', 'pool'],
};

/** Operators whose family does not depend on the shape. */
const byOperator: Readonly<Record<string, LatencyFamily>> = {
  dense: 'dense',
  matmul: 'dense',
  convTranspose2d: 'conv',
  channelConv2d: 'conv',
  maxPool: 'pool',
  avgPool: 'pool',
  globalAvgPool: 'pool',
  globalMaxPool: 'pool',
  batchNorm: 'elementwise',
  layerNorm: 'elementwise',
  localResponseNorm: 'elementwise',
  activation: 'elementwise',
  prelu: 'elementwise',
  add: 'elementwise',
  subtract: 'elementwise',
  multiply: 'elementwise',
  divide: 'elementwise',
  maximum: 'elementwise',
  minimum: 'elementwise',
  softmax: 'elementwise',
  dequantise: 'elementwise',
  concat: 'move',
  gather: 'move',
  pad: 'move',
  spaceToDepth: 'move',
  depthToSpace: 'move',
  upsample: 'move',
  resize: 'move',
  channelShuffle: 'move',
  slice: 'move',
  transpose: 'move',
  embedding: 'move',
  flatten: 'move',
};

/**
 * The family of a kernel; an operator that is not known here counts as elementwise. Groups do not change the family:
 * ncnn runs each group as a convolution of its own.
 */
export function latencyFamily(kernel: Pick<Kernel, 'family' | 'shape'>): LatencyFamily {
  if (kernel.family === 'conv2d') return convolutionFamily(kernel.shape);
  if (kernel.family === 'depthwiseConv2d') return isWindow(kernel.shape, 3) ? 'depthwise3x3' : 'depthwise';
  return Object.hasOwn(byOperator, kernel.family) ? byOperator[kernel.family]! : 'elementwise';
}

/** Whether the family of a kernel is a guess, because its operator is not known here. */
export function isUnknownOperator(kernel: Pick<Kernel, 'family'>): boolean {
  return (
    kernel.family !== 'conv2d' &&
    kernel.family !== 'depthwiseConv2d' &&
    !Object.hasOwn(byOperator, kernel.family)
  );
}

/** Activations that compute an exponential or a logarithm for each element. */
const transcendental: ReadonlySet<string> = new Set([
  'sigmoid',
  'tanh',
  'elu',
  'selu',
  'swish',
  'gelu',
  'geluTanh',
  'softplus',
  'mish',
  'exp',
  'log',
  'erf',
]);

/** Elements of an elementwise kernel that need an exponential or a power each; 0 for other kernels. */
export function transcendentalElements({ family, shape }: Pick<Kernel, 'family' | 'shape'>): number {
  const costly =
    family === 'softmax' ||
    family === 'localResponseNorm' ||
    (family === 'activation' && transcendental.has(activationOfCode(shape['activation'] ?? 0)));
  return costly ? (shape['height'] ?? 1) * (shape['width'] ?? 1) * (shape['channels'] ?? 1) : 0;
}

function convolutionFamily(shape: Kernel['shape']): LatencyFamily {
  if (isWindow(shape, 1)) return 'conv1x1';
  const unit = ['strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth'].every(
    (name) => (shape[name] ?? 1) === 1,
  );
  return isWindow(shape, 3) && unit ? 'conv3x3' : 'conv';
}

function isWindow(shape: Kernel['shape'], size: number): boolean {
  return shape['kernelHeight'] === size && shape['kernelWidth'] === size;
}
