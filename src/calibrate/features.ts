import type { LatencyFamily, WorkPart } from '../device/index.js';

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
const products = [
  'pixels',
  'outputs',
  'channels',
  'outWidth',
  'rows inside',
  'columns inside',
  'filterWaste',
  'channelWaste',
];
const sizes = ['kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth'];
const reordered = ['weights', 'outputs'];
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

/**
 * The same for parts of the time that are off by themselves. Products and the bringing in of weights take their own times
 * whatever the rest of a call takes, so that what is learned of them where they are most of the time holds where they are
 * little of it.
 */
export const partFeatures: Readonly<
  Partial<Record<LatencyFamily, readonly { readonly of: WorkPart; readonly features: readonly string[] }[]>>
> = {
  conv3x3: [
    { of: 'compute', features: [...products, 'strideHeight', 'strideWidth'] },
    { of: 'weights', features: reordered },
  ],
  conv1x1: [
    { of: 'compute', features: [...products, 'strideHeight'] },
    { of: 'weights', features: reordered },
  ],
  conv: [
    { of: 'compute', features: [...products, ...sizes] },
    { of: 'weights', features: reordered },
  ],
  depthwise3x3: [{ of: 'growing', features: learnedFeatures.depthwise3x3 }],
  depthwise: [{ of: 'growing', features: learnedFeatures.depthwise }],
  dense: [{ of: 'growing', features: learnedFeatures.dense }],
  move: [{ of: 'growing', features: learnedFeatures.move }],
};
