import type { LatencyFamily } from '../device/index.js';

const work = ['flops', 'bytes'];
const product = ['pixels', 'outputs', 'depth', 'inputElements', 'filterWaste', 'pixelWaste', 'channelWaste'];
const slowActivations = ['activation leakyRelu', 'activation sigmoid'];

/**
 * What tells kernels of a family apart in time, beside their work: names of `latencyFeatures`. All families keep work
 * and bytes, so that a profile's samples can be read back as times.
 */
export const residualFeatures: Readonly<Record<LatencyFamily, readonly string[]>> = {
  conv3x3: [...work, ...product, 'groups', 'padded', ...slowActivations],
  conv1x1: [...work, ...product, 'groups', 'strideHeight', ...slowActivations],
  conv: [...work, ...product, 'groups', 'strideHeight', 'kernelHeight', 'padded', ...slowActivations],
  depthwise3x3: [...work, 'pixels', 'channels', 'channelWaste', 'strideHeight', ...slowActivations],
  depthwise: [
    ...work,
    'pixels',
    'channels',
    'channelWaste',
    'strideHeight',
    'kernelHeight',
    ...slowActivations,
  ],
  dense: [...work, 'inputs', 'units', 'filterWaste', ...slowActivations],
  pool: [
    ...work,
    'channels',
    'channelWaste',
    'pixels',
    'kernelHeight',
    'strideHeight',
    'operator maxPool',
    'operator avgPool',
    'operator globalAvgPool',
  ],
  elementwise: [
    ...work,
    'terms',
    'channelWaste',
    'operator batchNorm',
    'operator add',
    'operator softmax',
    'operator dequantise',
    'activation relu',
    'activation relu6',
    ...slowActivations,
    'activation tanh',
  ],
  move: [
    ...work,
    'parts',
    'cut',
    'elementBytes',
    'width',
    'channels',
    'operator concat',
    'operator spaceToDepth',
    'operator upsample',
    'bilinear',
  ],
};
