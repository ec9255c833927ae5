import type { Kernel } from '../kernel/index.js';
import { insideTaps } from './inside-taps.js';

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

/** A kernel as far as features follow from it. */
type Shaped = Pick<Kernel, 'shape'> & Partial<Pick<Kernel, 'family'>>;
type Shape = Kernel['shape'];

/**
 * Features that follow from a kernel's shape, by name: sizes of the matrix product that a convolution is, how much of
 * its tiles and blocks stays empty (all in log2), and one 0 or 1 for each operator and activation. Each by itself, as a
 * profile asks for a dozen of them, of thousands of kernels.
 */
export const derivedFeatures: ReadonlyMap<string, (kernel: Shaped) => number> = new Map<
  string,
  (kernel: Shaped) => number
>([
  ['pixels', ({ shape }) => Math.log2(pixelsOf(shape))],
  ['inputElements', ({ shape }) => Math.log2(sizeOf(shape, 'height', 'width', 'channels'))],
  ['pixels in', ({ shape }) => Math.log2(sizeOf(shape, 'height', 'width'))],
  [
    'depth',
    ({ shape }) => Math.log2(sizeOf(shape, 'kernelHeight', 'kernelWidth', 'channels') / groupsOf(shape)),
  ],
  ['outputs', ({ shape }) => Math.log2(outputsOf(shape))],
  ['filterWaste', ({ shape }) => waste(outputsOf(shape), TILE_FILTERS)],
  ['pixelWaste', ({ shape }) => waste(pixelsOf(shape), TILE_PIXELS)],
  ['channelWaste', ({ shape }) => waste(shape['channels'] ?? 1, TILE_PIXELS)],
  ['weights', ({ shape }) => Math.log2(weightsOf(shape))],
  ['filterWaste, blocks', ({ shape }) => waste(outputsOf(shape), BLOCK)],
  ['channelWaste, blocks', ({ shape }) => waste(inputsOf(shape), BLOCK)],
  ['ragged', ({ shape }) => raggedness(outputsOf(shape))],
  ['off page', ({ shape }) => Math.log2(1 + offPage(outputsOf(shape)))],
  ['rows inside', ({ shape }) => Math.log2(insideShare(shape, 'Height'))],
  ['columns inside', ({ shape }) => Math.log2(insideShare(shape, 'Width'))],
  ['dilation', ({ shape }) => Math.log2(Math.max(shape['dilationHeight'] ?? 1, shape['dilationWidth'] ?? 1))],
  ['bilinear', ({ shape }) => shape['bilinear'] ?? 0],
  ['asymmetric', ({ shape }) => (isAlike(shape) ? 0 : 1)],
  ['rectified', ({ shape }) => (shape['activation'] === 1 || shape['activation'] === 2 ? 1 : 0)],
  ['padded', ({ shape }) => (sides.some((side) => (shape[side] ?? 0) > 0) ? 1 : 0)],
  ['one pixel', (kernel) => (isOfOnePixel(kernel) ? 1 : 0)],
  ['cut', ({ family, shape }) => (family === 'gather' && (shape['parts'] ?? 1) === 1 ? 1 : 0)],
  ...operators.map((name): [string, (kernel: Shaped) => number] => [
    `operator ${name}`,
    ({ family }) => (family === name ? 1 : 0),
  ]),
  ...activations.map((name, code): [string, (kernel: Shaped) => number] => [
    `activation ${name}`,
    ({ shape }) => (shape['activation'] === code ? 1 : 0),
  ]),
]);

const sides = ['padTop', 'padBottom', 'padLeft', 'padRight'];

/** The product of fields, of which those that are left out count once. */
function sizeOf(shape: Shape, ...names: readonly string[]): number {
  return names.reduce((product, name) => product * (shape[name] ?? 1), 1);
}

/** Share of the places of all windows along one side that do not lie in the padding. */
function insideShare(shape: Shape, side: 'Height' | 'Width'): number {
  return Math.max(1, insideTaps(shape, side)) / sizeOf(shape, `out${side}`, `kernel${side}`);
}

function groupsOf(shape: Shape): number {
  return shape['groups'] ?? 1;
}

function pixelsOf(shape: Shape): number {
  return sizeOf(shape, 'outHeight', 'outWidth');
}

function inputsOf(shape: Shape): number {
  return shape['channels'] ?? shape['inputs'] ?? 1;
}

/** Channels that come out, of one group. */
function outputsOf(shape: Shape): number {
  return (shape['filters'] ?? shape['units'] ?? shape['channels'] ?? 1) / groupsOf(shape);
}

function weightsOf(shape: Shape): number {
  const filters = shape['filters'] ?? shape['units'] ?? 1;
  return (sizeOf(shape, 'kernelHeight', 'kernelWidth') * inputsOf(shape) * filters) / groupsOf(shape);
}

/** Whether opposite sides are padded alike: the padding of a piece, and of even sizes with a stride, is not. */
function isAlike(shape: Shape): boolean {
  return shape['padTop'] === shape['padBottom'] && shape['padLeft'] === shape['padRight'];
}

/** A pool whose windows hold one pixel each copies or passes on what it reads. */
function isOfOnePixel({ family = '', shape }: Shaped): boolean {
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
