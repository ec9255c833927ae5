import { complain } from '../../foundation/index.js';
import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Network } from '../network.js';
import type { Shape } from '../region.js';
import type { Family } from './options.js';

/**
 * Wide residual networks, `wrn-D-K`: depth D = 6n + 4, widths 16 K, 32 K and 64 K.
 *
 * Zagoruyko and Komodakis, "Wide Residual Networks", BMVC 2016 (arXiv 1605.07146): pre-activated basic blocks; a 1x1
 * convolution on the shortcut where the number of channels changes, reading the block's activated input. As the
 * authors of NoNN (arXiv 1907.11804) built them, every convolution has a bias, those of the shortcuts too: that and
 * nothing else gives the parameters that they count (wrn-40-4 8,955,050 trainable, wrn-16-1 175,626).
 * Ends in logits: softmax belongs to the loss and changes neither parameters nor the predicted class.
 */
export const wideResNet: Family = {
  names: ['wrn-16-1', 'wrn-16-2', 'wrn-16-4', 'wrn-22-2', 'wrn-28-10', 'wrn-40-1', 'wrn-40-2', 'wrn-40-4'],
  pattern: 'wrn-D-K (D = 6n + 4)',
  owns: (name) => /^wrn-\d+-\d+$/.test(name),
  defaultInput: [32, 32, 3],
  defaultClasses: 10,
  build: (name, input, classes) => {
    const [depth, width] = name.split('-').slice(1).map(Number) as [number, number];
    if (depth < 10 || depth > 10_000 || (depth - 4) % 6 !== 0) {
      const below = Math.max(10, 4 + 6 * Math.floor((Math.min(depth, 10_000) - 4) / 6));
      throw complain({
        file: `network ${name}`,
        found: `a depth of ${depth}`,
        expected: `6n + 4, such as ${[...new Set([below, below + 6])].join(' or ')}`,
        suggestion: `wrn-${below}-${width}`,
      });
    }
    if (width < 1 || width > 1000) {
      throw complain({ file: `network ${name}`, found: `a width of ${width}`, expected: '1 to 1000' });
    }
    return build(name, (depth - 4) / 6, width, input, classes);
  },
};

function build(name: string, blocks: number, width: number, input: Shape, classes: number): Network {
  const b = new NetworkBuilder(name);
  let x = b.conv2d(b.input(input, 'input'), { filters: 16, kernel: 3, name: 'conv1' });
  let channels = 16;
  for (const [group, base] of [16, 32, 64].entries()) {
    for (let index = 0; index < blocks; index++) {
      b.prefix = `group${group + 1}/block${index + 1}/`;
      const filters = base * width;
      x = block(b, x, filters, group > 0 && index === 0 ? 2 : 1, channels !== filters);
      channels = filters;
    }
  }
  b.prefix = '';
  const features = b.relu(b.batchNorm(x, 'bn'), 'relu');
  return b.build(b.dense(b.globalAvgPool(features, 'pool'), { units: classes, name: 'dense' }));
}

function block(b: NetworkBuilder, from: Id, filters: number, stride: number, widens: boolean): Id {
  const activated = b.relu(b.batchNorm(from, 'bn1'), 'relu1');
  const first = b.conv2d(activated, { filters, kernel: 3, stride, name: 'conv1' });
  const second = b.conv2d(b.relu(b.batchNorm(first, 'bn2'), 'relu2'), { filters, kernel: 3, name: 'conv2' });
  // Width 1 keeps 16 channels through the first group, so its first block has a plain shortcut.
  const shortcut = widens ? b.conv2d(activated, { filters, kernel: 1, stride, name: 'shortcut' }) : from;
  return b.sum([second, shortcut], 'add');
}
