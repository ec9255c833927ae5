import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * ChannelNet V1: Gao, Wang and Ji, "ChannelNets: Compact and Efficient Convolutional Neural Networks via Channel-Wise
 * Convolutions", NeurIPS 2018 (arXiv 1809.01330): MobileNet V1 whose separable convolutions of 512 channels are
 * three modules of two separable convolutions in 2 groups each, with a shortcut; the first plain, two begun by a grouped
 * channel-wise convolution of 8 channels. As in the authors' code, depthwise convolutions have no normalisation, and
 * leaky ReLU stands behind everything else. 3.7 M parameters.
 *
 * The paper reports 407 M multiply-adds; these layers do 468 M, and none of the readings of its text that were tried gives both numbers.
 */
export const channelnet: Family = {
  names: ['channelnet-v1'],
  owns: (name) => name === 'channelnet-v1',
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    let x = b.conv2d(b.input(input, 'input'), {
      filters: 32,
      kernel: 3,
      stride: 2,
      bias: false,
      name: 'conv1',
    });
    x = leaky(b, b.batchNorm(x, 'conv1/bn'));
    for (const [index, [filters, stride]] of before.entries())
      x = separable(b, x, `separable${index + 1}`, filters, stride, 1);
    for (const [index, mixes] of [false, true, true].entries()) x = module(b, x, `module${index + 1}`, mixes);
    for (const [index, [filters, stride]] of after.entries())
      x = separable(b, x, `separable${before.length + index + 1}`, filters, stride, 1);
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'pool'), { units: classes, name: 'dense' })));
  },
};

const GROUPS = 2;

/** Filters and stride of the separable convolutions before and after the modules. */
const before: readonly (readonly [filters: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
];
const after: typeof before = [
  [1024, 2],
  [1024, 1],
];

function module(b: NetworkBuilder, from: Id, name: string, mixes: boolean): Id {
  const [, , channels] = b.shapeOf(from);
  let x = mixes ? mixGroups(b, from, `${name}/mix`) : from;
  for (const index of [1, 2]) x = separable(b, x, `${name}/separable${index}`, channels, 1, GROUPS);
  return b.sum([from, x], `${name}/add`);
}

/** Each filter sees all channels in steps of the number of groups, so that what the groups know is exchanged. */
function mixGroups(b: NetworkBuilder, from: Id, name: Id): Id {
  const window = { kernel: [1, 1], stride: [1, 1], padding: 'valid', bias: false } as const;
  const depth = { depth: 4 * GROUPS, depthStride: GROUPS, depthPadding: 'same', filters: GROUPS } as const;
  return b.put({ kind: 'channelConv2d', inputs: [from], ...window, ...depth }, name);
}

function separable(
  b: NetworkBuilder,
  from: Id,
  name: string,
  filters: number,
  stride: number,
  groups: number,
): Id {
  const deep = leaky(
    b,
    b.depthwiseConv2d(from, { kernel: 3, stride, bias: false, name: `${name}/depthwise` }),
  );
  const made = b.conv2d(deep, { filters, kernel: 1, groups, bias: false, name: `${name}/pointwise` });
  return leaky(b, b.batchNorm(made, `${name}/bn`));
}

/** TensorFlow's default slope. */
function leaky(b: NetworkBuilder, from: Id): Id {
  return b.activation(from, 'leakyRelu', { alpha: 0.2 });
}
