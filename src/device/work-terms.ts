import type { Kernel } from '../kernel/index.js';
import { latencyFamily } from './family.js';
import { insideTaps } from './inside-taps.js';

/** A kernel as far as its time depends on it. */
export type Shaped = Pick<Kernel, 'family' | 'shape' | 'bytes'>;

/** What a kernel does, counted: name and amount of each kind of work. */
export type WorkTerms = readonly (readonly [name: string, amount: number])[];

/**
 * The kinds of work that the time of a kernel is the sum of, each with a number of seconds for one that a fit finds:
 * calls, multiply-adds in full tiles of a micro-kernel (XNNPACK's are 4 pixels by 8 filters; Eigen's, which native
 * TensorFlow calls, 24 filters), what is left over at their edges, patches unrolled, weights read, numbers written.
 * Large working sets count again with what lies beyond a level of the caches.
 */
export function workTerms(kernel: Shaped): WorkTerms {
  switch (latencyFamily(kernel)) {
    case 'conv3x3':
    case 'conv1x1':
    case 'conv':
      return convolutionTerms(kernel);
    case 'depthwise3x3':
    case 'depthwise':
      return depthwiseTerms(kernel);
    case 'dense':
      return denseTerms(kernel);
    case 'pool':
      return poolTerms(kernel);
    case 'elementwise':
      return elementwiseTerms(kernel);
    case 'move':
      return moveTerms(kernel);
  }
}

/** Numbers of float32 that a level of the caches holds, roughly: half of an L2 of 1 MiB, and all of one. */
const NEAR = 2 ** 17;
const FAR = 2 ** 18;

function sizes({ shape }: Shaped) {
  const at = (name: string, otherwise = 1) => shape[name] ?? otherwise;
  return { at, pixels: at('outHeight') * at('outWidth'), window: at('kernelHeight') * at('kernelWidth') };
}

function convolutionTerms(kernel: Shaped): WorkTerms {
  const { at, pixels, window } = sizes(kernel);
  const groups = at('groups');
  const [channels, filters] = [at('channels') / groups, at('filters') / groups];
  const depth = window * channels;
  const [rows, columns] = [inTiles(pixels, 4), inTiles(filters, 8)];
  const weights = depth * filters;
  const terms: WorkTerms = [
    ['call', 1 / groups],
    ['group', 1],
    ['multiply-add', pixels * weights],
    ['multiply-add, tiles of 4x8', rows * columns * depth],
    ['multiply-add, tiles of 6x16', inTiles(pixels, 6) * inTiles(filters, 16) * depth],
    ['multiply-add, tiles of 4x24', rows * inTiles(filters, 24) * depth],
    ['multiply-add beyond eights', pixels * (filters % 8) * depth],
    ['multiply-add beyond fours', pixels * (filters % 4) * depth],
    ['patch', pixels * depth],
    ['patch, filters in blocks', pixels * depth * Math.ceil(filters / 256)],
    ['weight', weights],
    ['weight, in eights', columns * depth],
    ['weight, far', Math.max(0, weights - FAR)],
    ['input', at('height') * at('width') * channels],
    ['output', pixels * filters],
    ['output, in eights', pixels * columns],
    ['window of a tile', rows * columns * window],
    ['tile', rows * columns],
    ['window of a pixel', pixels * window],
    ['row', at('outHeight')],
    ...insideTerms(kernel, channels, filters),
    ...paddingTerms(kernel, at('height') * at('width') * channels),
    ...activationTerms(kernel, pixels * filters),
  ];
  return terms.map(([name, amount]) => [name, amount * groups]);
}

/** oneDNN leaves out what of a window lies in the padding, and reads the weights again for each row of outputs. */
function insideTerms({ shape }: Shaped, channels: number, filters: number): WorkTerms {
  const [rows, columns] = [insideTaps(shape, 'Height'), insideTaps(shape, 'Width')];
  const across = (shape['outWidth'] ?? 1) * (shape['kernelWidth'] ?? 1);
  return [
    ['multiply-add, inside', rows * columns * channels * filters],
    ['multiply-add, rows inside', rows * across * channels * filters],
    [
      'row of weights, in sixteens',
      rows * (shape['kernelWidth'] ?? 1) * channels * inTiles(filters, BLOCK_FILTERS),
    ],
  ];
}

const BLOCK_FILTERS = 16;

function depthwiseTerms(kernel: Shaped): WorkTerms {
  const { at, pixels, window } = sizes(kernel);
  const channels = at('channels') * at('multiplier');
  const [output, input] = [pixels * channels, at('height') * at('width') * at('channels')];
  return [
    ['call', 1],
    ['multiply-add', output * window],
    ['multiply-add, in fours', inTiles(channels, 4) * pixels * window],
    ['multiply-add, in eights', inTiles(channels, 8) * pixels * window],
    ['output', output],
    ['output, far', Math.max(0, output - NEAR)],
    ['input', input],
    ['input, far', Math.max(0, input - NEAR)],
    ['input, strided', at('strideHeight') > 1 ? input : 0],
    ['pixel', pixels],
    ['window of a pixel', pixels * window],
    ['row', at('outHeight')],
    ['row of channels', at('outHeight') * channels],
    ['channel', channels],
    ['weight', window * channels],
    ...paddingTerms(kernel, input),
    ...activationTerms(kernel, output),
  ];
}

function denseTerms(kernel: Shaped): WorkTerms {
  const { at } = sizes(kernel);
  const isProduct = kernel.family === 'matmul';
  const [inputs, units] = isProduct ? [at('channels'), at('columns')] : [at('inputs'), at('units')];
  const rows = isProduct ? at('height') * at('width') : 1;
  const weights = inputs * units;
  return [
    [`call of ${kernel.family}`, 1],
    ['multiply-add', rows * weights],
    ['multiply-add, in eights', rows * inputs * inTiles(units, 8)],
    ['multiply-add beyond eights', rows * inputs * (units % 8)],
    ['input', rows * inputs],
    ['output', rows * units],
    ['weight, near', Math.max(0, weights - NEAR)],
    ['weight, far', Math.max(0, weights - 4 * FAR)],
    ...activationTerms(kernel, rows * units),
  ];
}

function poolTerms(kernel: Shaped): WorkTerms {
  const { family } = kernel;
  const { at, pixels, window } = sizes(kernel);
  const [channels, input] = [at('channels'), at('height') * at('width')];
  const reads = family.startsWith('global') ? input : pixels * window;
  // A window of one pixel picks pixels, and runs as another operator.
  const kind = reads === pixels ? ' of pixels' : isPadded(kernel) ? ' padded' : '';
  return ofOperator(`${family}${kind}`, [
    ['call', 1],
    ['value', reads * channels],
    ['value, in fours', reads * inTiles(channels, 4)],
    ['value, in eights', reads * inTiles(channels, 8)],
    ['window', reads],
    ['output', pixels * channels],
    ['pixel', pixels],
    ['input', input * channels],
    ['input, far', Math.max(0, input * channels - NEAR)],
    ['row', at('height')],
    ['channel', channels],
  ]);
}

function elementwiseTerms(kernel: Shaped): WorkTerms {
  const { family, shape } = kernel;
  const { at } = sizes(kernel);
  const pixels = at('height') * at('width');
  const numbers = pixels * at('channels');
  const terms = at('terms');
  const one = family === 'activation' ? `activation ${shape['activation']}` : family;
  return ofOperator(one, [
    ['call', 1],
    ['further term', terms - 1],
    ['number', numbers * Math.max(1, terms - 1)],
    ['pixel', pixels],
    ['channel', at('channels')],
    // Normalisation runs as vector code only where channels fill the vectors.
    ...(family === 'batchNorm' ? raggedTerms(numbers, at('channels')) : []),
    ['number, near', Math.max(0, numbers * terms - NEAR / 2)],
    ['number, far', Math.max(0, numbers * terms - FAR)],
  ]);
}

function raggedTerms(numbers: number, channels: number): WorkTerms {
  return [
    ['number, channels not in eights', channels % 8 === 0 ? 0 : numbers],
    ['number, channels not in fours', channels % 4 === 0 ? 0 : numbers],
  ];
}

/** Whether a kernel copies nothing, so that its size does not matter: rows that are cut out of bytes are a view of them. */
export function isView({ family, shape }: Pick<Shaped, 'family' | 'shape'>): boolean {
  return family === 'gather' && shape['parts'] === 1 && shape['elementBytes'] === 1;
}

function moveTerms(kernel: Shaped): WorkTerms {
  const { family, bytes } = kernel;
  const { at } = sizes(kernel);
  const parts = at('parts');
  const pixels = at('height') * at('width');
  const isCut = family === 'gather' && parts === 1;
  // Strips lie below each other as long as there are rows enough.
  const isAcross = family === 'gather' && at('height') < parts;
  const ofBytes = at('elementBytes', 4) === 1;
  const one = `${isCut ? 'cut' : family}${isAcross ? ' across' : ''}${ofBytes ? ' of bytes' : ''}${at('bilinear', 0) === 1 ? ' bilinear' : ''}`;
  if (isView(kernel)) return ofOperator(one, [['call', 1]]);
  return ofOperator(one, [
    ['call', 1],
    ['part', parts],
    ['byte', bytes],
    ['byte, far', Math.max(0, bytes - 4 * FAR)],
    ['pixel', pixels],
    ['pixel of a part', pixels * parts],
    ['row', at('height')],
    ['row of a part', at('height') * parts],
  ]);
}

/** Some runtimes write a padded copy of the input first. */
function paddingTerms(kernel: Shaped, input: number): WorkTerms {
  return isPadded(kernel)
    ? [
        ['padding', 1],
        ['padded input', input],
      ]
    : [];
}

function isPadded({ shape }: Shaped): boolean {
  return ['padTop', 'padBottom', 'padLeft', 'padRight'].some((side) => (shape[side] ?? 0) > 0);
}

function activationTerms({ shape }: Shaped, numbers: number): WorkTerms {
  const code = shape['activation'] ?? 0;
  return code === 0
    ? []
    : [
        [`activation ${code}`, 1],
        [`number of activation ${code}`, numbers],
      ];
}

/** Operators that share a family and nothing else. */
function ofOperator(operator: string, terms: WorkTerms): WorkTerms {
  return terms.map(([name, amount]) => [`${operator}: ${name}`, amount]);
}

function inTiles(size: number, tile: number): number {
  return Math.ceil(size / tile) * tile;
}
