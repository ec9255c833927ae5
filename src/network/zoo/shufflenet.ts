import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * ShuffleNet V1 with 3 groups: Zhang, Zhou, Lin and Sun, "ShuffleNet: An Extremely Efficient Convolutional Neural
 * Network for Mobile Devices", CVPR 2018 (arXiv 1707.01083), table 1, column g = 3: 137 M multiply-adds. The
 * first pointwise convolution of the second stage has no groups, since its input has few channels (section 3.2).
 */
export const shufflenet: Family = {
  names: ['shufflenet-v1-g3'],
  owns: (name) => name === 'shufflenet-v1-g3',
  defaultInput: [224, 224, 3],
  defaultClasses: 1000,
  build: (name, input, classes) => {
    const b = new NetworkBuilder(name);
    const around = { top: 1, bottom: 1, left: 1, right: 1 };
    const stem = { filters: 24, kernel: 3, stride: 2, padding: around, bias: false, name: 'conv1' } as const;
    let x = b.relu(b.batchNorm(b.conv2d(b.input(input, 'input'), stem), 'conv1/bn'));
    x = b.maxPool(x, { kernel: 3, stride: 2, padding: around, name: 'pool' });
    let channels = 24;
    for (const [index, [repeats, filters]] of stages.entries()) {
      for (let unit = 0; unit < repeats; unit++) {
        b.prefix = `stage${index + 2}/unit${unit + 1}/`;
        x = addUnit(b, x, { channels, filters, stride: unit === 0 ? 2 : 1, grouped: index > 0 || unit > 0 });
        channels = filters;
      }
    }
    b.prefix = '';
    return b.build(b.softmax(b.dense(b.globalAvgPool(x, 'gap'), { units: classes, name: 'fc' })));
  },
};

const GROUPS = 3;

/** Units and filters of each stage. */
const stages: readonly (readonly [repeats: number, filters: number])[] = [
  [4, 240],
  [8, 480],
  [4, 960],
];

interface Unit {
  readonly channels: number;
  readonly filters: number;
  readonly stride: 1 | 2;
  readonly grouped: boolean;
}

/** Figure 2 (b) and (c): a bottleneck of a quarter of the filters; a stride of 2 joins the pooled input instead of adding it. */
function addUnit(b: NetworkBuilder, from: Id, { channels, filters, stride, grouped }: Unit): Id {
  const pointwise = (x: Id, count: number, groups: number, name: Id) =>
    b.batchNorm(b.conv2d(x, { filters: count, kernel: 1, groups, bias: false, name }), `${name}/bn`);
  const middle = filters / 4;
  const reduced = b.relu(pointwise(from, middle, grouped ? GROUPS : 1, 'reduce'));
  const shuffled = b.put({ kind: 'channelShuffle', inputs: [reduced], groups: GROUPS }, 'shuffle');
  const padding = { top: 1, bottom: 1, left: 1, right: 1 };
  const deep = b.depthwiseConv2d(shuffled, { kernel: 3, stride, padding, bias: false, name: 'depthwise' });
  const normal = b.batchNorm(deep, 'depthwise/bn');
  const made = pointwise(normal, stride === 2 ? filters - channels : filters, GROUPS, 'expand');
  if (stride === 1) return b.relu(b.sum([from, made], 'add'));
  const pooled = b.avgPool(from, { kernel: 3, stride: 2, padding, name: 'pool' });
  return b.relu(b.concat([pooled, made], 'concat'));
}
