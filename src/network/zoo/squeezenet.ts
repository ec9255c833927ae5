import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import { ceilMaxPool } from './ceil-pool.js';
import type { Family } from './options.js';

/**
 * SqueezeNet 1.1: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
 * 2016 (arXiv 1602.07360), in the second version of the authors' code (2.4 times less work): 1,235,496 parameters.
 */
export const squeezenet: Family = {
  names: ['squeezenet-1.1'],
  owns: (name) => name === 'squeezenet-1.1',
  defaultInput: [227, 227, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    let x = b.input(input, 'input');
    x = b.relu(b.conv2d(x, { filters: 64, kernel: 3, stride: 2, padding: 'valid', name: 'conv1' }));
    for (const [index, [squeeze, expand]] of fires.entries()) {
      if (poolBefore.includes(index))
        x = ceilMaxPool(b, x, { kernel: 3, stride: 2, name: `pool${index + 1}` });
      x = fire(b, x, `fire${index + 2}`, squeeze, expand);
    }
    x = b.put({ kind: 'dropout', inputs: [x], rate: 0.5 });
    x = b.relu(b.conv2d(x, { filters: classes, kernel: 1, name: 'conv10' }));
    return b.build(b.softmax(b.globalAvgPool(x, 'pool10')));
  },
};

/** Filters of the squeezing convolution and of each of the two expanding ones. */
const fires: readonly (readonly [squeeze: number, expand: number])[] = [
  [16, 64],
  [16, 64],
  [32, 128],
  [32, 128],
  [48, 192],
  [48, 192],
  [64, 256],
  [64, 256],
];
const poolBefore: readonly number[] = [0, 2, 4];

function fire(b: NetworkBuilder, from: Id, name: string, squeeze: number, expand: number): Id {
  b.prefix = `${name}/`;
  const squeezed = b.relu(b.conv2d(from, { filters: squeeze, kernel: 1, name: 'squeeze1x1' }));
  const expanded = ([1, 3] as const).map((kernel) =>
    b.relu(b.conv2d(squeezed, { filters: expand, kernel, name: `expand${kernel}x${kernel}` })),
  );
  const joined = b.concat(expanded, 'concat');
  b.prefix = '';
  return joined;
}
