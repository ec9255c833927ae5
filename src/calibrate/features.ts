import type { LatencyFamily } from '../device/index.js';

const activations = ['activation leakyRelu', 'activation sigmoid', 'rectified', 'bias'];
const product = ['pixels', 'outputs', 'channels', 'inputElements', 'outWidth', 'groups', 'padded'];
const tiles = [
  'filterWaste',
  'pixelWaste',
  'channelWaste',
  'filterWaste, blocks',
  'channelWaste, blocks',
  'weights',
];
const window = ['pixels', 'channels', 'channelWaste', 'strideHeight', 'outWidth', 'inputElements', 'padded'];

/**
 * What tells kernels of a family apart in time, beside the work that is counted: names of `latencyFeature`. Two that say
 * the same make it harder to find out how far each reaches, so these are few.
 */
export const learnedFeatures: Readonly<Record<LatencyFamily, readonly string[]>> = {
  conv3x3: [...product, ...tiles, 'asymmetric', ...activations],
  conv1x1: [...product, ...tiles, 'strideHeight', ...activations],
  conv: [
    ...product,
    ...tiles,
    'asymmetric',
    'kernelHeight',
    'kernelWidth',
    'strideHeight',
    'strideWidth',
    'dilation',
    ...activations,
  ],
  depthwise3x3: [...window, 'dilation', ...activations],
  depthwise: [...window, 'kernelHeight', 'kernelWidth', 'dilation', ...activations],
  dense: ['inputs', 'units', 'weights', 'filterWaste', 'ragged', 'off page', ...activations],
  pool: [
    'channels',
    'channelWaste',
    'pixels',
    'inputElements',
    'kernelHeight',
    'strideHeight',
    'outWidth',
    'padded',
    'one pixel',
    'operator maxPool',
    'operator globalAvgPool',
  ],
  elementwise: [
    'inputElements',
    'channels',
    'ragged',
    'terms',
    'operator batchNorm',
    'operator add',
    'operator softmax',
    'operator dequantise',
    'rectified',
    'activation sigmoid',
    'activation leakyRelu',
  ],
  move: [
    'bytes',
    'pixels in',
    'channels',
    'parts',
    'cut',
    'elementBytes',
    'width',
    'operator concat',
    'operator gather',
    'operator spaceToDepth',
    'bilinear',
  ],
};
