import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import { ceilMaxPool } from './ceil-pool.js';
import type { Family } from './options.js';

/**
 * GoogLeNet: Szegedy et al., "Going Deeper with Convolutions", CVPR 2015 (arXiv 1409.4842), table 1, layer by layer as
 * Caffe's `bvlc_googlenet` without the auxiliary classifiers that only training uses: 6,998,552 parameters.
 */
export const googlenet: Family = {
  names: ['googlenet'],
  owns: (name) => name === 'googlenet',
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    const norm = { kind: 'localResponseNorm', size: 5, alpha: 1e-4 / 5, beta: 0.75, bias: 1 } as const;
    const pool = (from: Id, layer: Id) => ceilMaxPool(b, from, { kernel: 3, stride: 2, name: layer });
    const seven = { kernel: 7, stride: 2, padding: { top: 3, bottom: 3, left: 3, right: 3 } } as const;
    let x = b.relu(b.conv2d(b.input(input, 'input'), { ...seven, filters: 64, name: 'conv1' }));
    x = b.put({ ...norm, inputs: [pool(x, 'pool1')] }, 'norm1');
    x = b.relu(b.conv2d(x, { filters: 64, kernel: 1, name: 'conv2/reduce' }));
    x = b.relu(b.conv2d(x, { filters: 192, kernel: 3, name: 'conv2' }));
    x = pool(b.put({ ...norm, inputs: [x] }, 'norm2'), 'pool2');
    for (const [module, widths] of Object.entries(modules)) {
      x = inception(b, x, module, widths);
      if (module === '3b' || module === '4e') x = pool(x, `pool${module[0]}`);
    }
    x = b.put({ kind: 'dropout', inputs: [b.globalAvgPool(x, 'pool5')], rate: 0.4 });
    return b.build(b.softmax(b.dense(x, { units: classes, name: 'classifier' })));
  },
};

type Widths = readonly [
  one: number,
  reduceThree: number,
  three: number,
  reduceFive: number,
  five: number,
  pooled: number,
];

function inception(b: NetworkBuilder, from: Id, module: string, widths: Widths): Id {
  b.prefix = `inception${module}/`;
  const [one, reduceThree, three, reduceFive, five, pooled] = widths;
  const convolve = (x: Id, filters: number, kernel: number, name: Id) =>
    b.relu(b.conv2d(x, { filters, kernel, name }));
  const branches = [
    convolve(from, one, 1, '1x1'),
    convolve(convolve(from, reduceThree, 1, '3x3/reduce'), three, 3, '3x3'),
    convolve(convolve(from, reduceFive, 1, '5x5/reduce'), five, 5, '5x5'),
    convolve(
      b.maxPool(from, { kernel: 3, stride: 1, padding: 'same', name: 'pool' }),
      pooled,
      1,
      'pool/proj',
    ),
  ];
  const joined = b.concat(branches, 'output');
  b.prefix = '';
  return joined;
}

/** Filters of each module: the paper's columns #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj. */
const modules: Readonly<Record<string, Widths>> = {
  '3a': [64, 96, 128, 16, 32, 32],
  '3b': [128, 128, 192, 32, 96, 64],
  '4a': [192, 96, 208, 16, 48, 64],
  '4b': [160, 112, 224, 24, 64, 64],
  '4c': [128, 128, 256, 24, 64, 64],
  '4d': [112, 144, 288, 32, 64, 64],
  '4e': [256, 160, 320, 32, 128, 128],
  '5a': [256, 160, 320, 32, 128, 128],
  '5b': [384, 192, 384, 48, 128, 128],
};
