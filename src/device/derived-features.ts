import type { Kernel } from '../kernel/index.js';

/** Convolution kernels of XNNPACK (which tfjs' wasm backend calls) make outputs in tiles of four pixels by eight filters. */
const TILE_PIXELS = 4;
const TILE_FILTERS = 8;
/** Kernels of oneDNN (which native TensorFlow calls) keep channels and filters in blocks of so many. */
const BLOCK = 16;
/** Addresses that are a page apart fall into the same places of a cache. */
const PAGE_BYTES = 4096;
const FLOAT_BYTES = 4;

/** Operators and activations that share a family with others and yet run code of their own. */
const operators = [
  'maxPool',
  'avgPool',
  'globalAvgPool',
  'batchNorm',
  'activation',
  'add',
  'softmax',
  'dequantise',
  'concat',
  'gather',
  'spaceToDepth',
  'upsample',
] as const;
const activations = ['linear', 'relu', 'relu6', 'leakyRelu', 'sigmoid', 'tanh'] as const;

/**
 * Features that follow from a kernel's shape, by name: sizes of the matrix product that a convolution is, how much of
 * its tiles and blocks stays empty (all in log2), and one 0 or 1 for each operator and activation.
 */
export function derivedFeatures({
  family = '',
  shape,
}: Pick<Kernel, 'shape'> & Partial<Pick<Kernel, 'family'>>): ReadonlyMap<string, number> {
  const at = (name: string) => shape[name] ?? 1;
  const groups = at('groups');
  const pixels = at('outHeight') * at('outWidth');
  const outputs = (shape['filters'] ?? shape['units'] ?? at('channels')) / groups;
  const channels = shape['channels'] ?? at('inputs');
  const window = at('kernelHeight') * at('kernelWidth');
  return new Map([
    ['pixels', Math.log2(pixels)],
    ['inputElements', Math.log2(at('height') * at('width') * at('channels'))],
    ['pixels in', Math.log2(at('height') * at('width'))],
    ['depth', Math.log2((at('kernelHeight') * at('kernelWidth') * at('channels')) / groups)],
    ['outputs', Math.log2(outputs)],
    ['filterWaste', waste(outputs, TILE_FILTERS)],
    ['pixelWaste', waste(pixels, TILE_PIXELS)],
    ['channelWaste', waste(at('channels'), TILE_PIXELS)],
    ['weights', Math.log2((window * channels * (shape['filters'] ?? at('units'))) / groups)],
    ['filterWaste, blocks', waste(outputs, BLOCK)],
    ['channelWaste, blocks', waste(channels, BLOCK)],
    ['ragged', raggedness(outputs)],
    ['off page', Math.log2(1 + offPage(outputs))],
    ['dilation', Math.log2(Math.max(at('dilationHeight'), at('dilationWidth')))],
    ['bilinear', shape['bilinear'] ?? 0],
    ['asymmetric', isAlike(shape) ? 0 : 1],
    ['rectified', shape['activation'] === 1 || shape['activation'] === 2 ? 1 : 0],
    ['padded', ['padTop', 'padBottom', 'padLeft', 'padRight'].some((side) => (shape[side] ?? 0) > 0) ? 1 : 0],
    ['one pixel', isOfOnePixel(family, shape) ? 1 : 0],
    ['cut', family === 'gather' && at('parts') === 1 ? 1 : 0],
    ...operators.map((name): [string, number] => [`operator ${name}`, family === name ? 1 : 0]),
    ...activations.map((name, code): [string, number] => [
      `activation ${name}`,
      shape['activation'] === code ? 1 : 0,
    ]),
  ]);
}

/** Whether opposite sides are padded alike: the padding of a piece, and of even sizes with a stride, is not. */
function isAlike(shape: Kernel['shape']): boolean {
  return shape['padTop'] === shape['padBottom'] && shape['padLeft'] === shape['padRight'];
}

/** A pool whose windows hold one pixel each copies or passes on what it reads. */
function isOfOnePixel(family: string, shape: Kernel['shape']): boolean {
  if (family === 'globalAvgPool') return shape['height'] === 1 && shape['width'] === 1;
  return family.endsWith('Pool') && shape['kernelHeight'] === 1 && shape['kernelWidth'] === 1;
}

/** How often a block of 16 has to be halved until whole ones make up a size: vector code takes what is left one by one. */
function raggedness(size: number): number {
  let block = BLOCK;
  while (size % block !== 0 && block > 1) block /= 2;
  return Math.log2(BLOCK / block);
}

/** Bytes between a row of so many numbers and the nearest whole number of pages. */
function offPage(numbers: number): number {
  const over = (numbers * FLOAT_BYTES) % PAGE_BYTES;
  return Math.min(over, PAGE_BYTES - over);
}

function waste(size: number, tile: number): number {
  return Math.log2((Math.ceil(size / tile) * tile) / size);
}
