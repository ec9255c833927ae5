import type { RandomStream } from '../foundation/index.js';
import { type Id, type Network, NetworkBuilder } from '../network/index.js';
import { logUniform, pick } from './layer-place.js';

type Draw = RandomStream;

/**
 * A small network of random width, depth and resolution with the parts that networks for small devices are made of:
 * plain and residual convolutions, depthwise ones with and without expansion, squeezed ones, for images and spectrograms.
 */
export function randomNetwork(draw: Draw, id = 'sample'): Network {
  const b = new NetworkBuilder(id);
  const body = pick(draw, [plain, residual, separable, expanded, squeezed, separable]);
  const isImage = draw.uniform() < 0.75;
  const side = 8 * logUniform(draw, 4, 12);
  const input = isImage
    ? b.input([side, side, 3])
    : b.input([logUniform(draw, 30, 100), logUniform(draw, 10, 40), 1]);
  const width = 4 * logUniform(draw, 2, 12);
  const first = b.conv2d(input, {
    filters: isImage ? width : 4 * logUniform(draw, 8, 50),
    kernel: isImage ? 3 : pick(draw, [[3, 3] as const, [10, 4] as const]),
    stride: isImage ? pick(draw, [1, 2]) : 2,
  });
  const x = b.globalAvgPool(body(b, draw, b.relu(first), width));
  return b.build(b.softmax(b.dense(x, { units: pick(draw, [2, 10, 12, 100]) })));
}

function plain(b: NetworkBuilder, draw: Draw, x: Id, width: number): Id {
  let y = x;
  for (let stage = 0, stages = 2 + draw.integer(3); stage < stages; stage++) {
    for (let count = 1 + draw.integer(2); count > 0; count--)
      y = b.relu(b.conv2d(y, { filters: width * 2 ** stage, kernel: 3 }));
    y = b.maxPool(y, { kernel: 2, stride: 2, padding: 'same' });
  }
  return y;
}

function residual(b: NetworkBuilder, draw: Draw, x: Id, width: number): Id {
  const blocks = 1 + draw.integer(2);
  return staged(draw, x, (from, stage, block) => {
    const filters = width * 2 ** stage;
    const stride = block === 0 ? 2 : 1;
    const inner = b.relu(b.batchNorm(b.conv2d(from, { filters, kernel: 3, stride, bias: false })));
    const y = b.batchNorm(b.conv2d(inner, { filters, kernel: 3, bias: false }));
    const shortcut = block === 0 ? b.conv2d(from, { filters, kernel: 1, stride }) : from;
    return b.relu(b.sum([y, shortcut]));
  })(blocks);
}

function separable(b: NetworkBuilder, draw: Draw, x: Id, width: number): Id {
  return staged(draw, x, (from, stage, block) => {
    const y = b.relu(b.depthwiseConv2d(from, { kernel: 3, stride: block === 0 && stage > 0 ? 2 : 1 }));
    return b.relu(b.conv2d(y, { filters: width * 2 ** stage, kernel: 1 }));
  })(1 + draw.integer(3));
}

function expanded(b: NetworkBuilder, draw: Draw, x: Id, width: number): Id {
  const expansion = pick(draw, [3, 4, 6]);
  return staged(draw, x, (from, stage, block) => {
    const [filters, inner] = [
      width * (stage + 1),
      expansion * width * (block === 0 ? stage || 1 : stage + 1),
    ];
    let y = b.activation(b.conv2d(from, { filters: inner, kernel: 1 }), 'relu6');
    y = b.activation(b.depthwiseConv2d(y, { kernel: 3, stride: block === 0 ? 2 : 1 }), 'relu6');
    y = b.conv2d(y, { filters, kernel: 1 });
    return block === 0 ? y : b.sum([from, y]);
  })(1 + draw.integer(3));
}

function squeezed(b: NetworkBuilder, draw: Draw, x: Id, width: number): Id {
  return staged(draw, x, (from, stage, block) => {
    const filters = width * (stage + 1);
    const s = b.relu(b.conv2d(from, { filters: Math.max(4, filters / 4), kernel: 1 }));
    const parts = [1, 3].map((kernel) => b.relu(b.conv2d(s, { filters, kernel })));
    const y = b.concat(parts);
    return block === 0 ? b.maxPool(y, { kernel: 3, stride: 2, padding: 'same' }) : y;
  })(1 + draw.integer(2));
}

/** Two to four stages of so many blocks each. */
function staged(
  draw: Draw,
  x: Id,
  make: (from: Id, stage: number, block: number) => Id,
): (blocks: number) => Id {
  return (blocks) => {
    let y = x;
    for (let stage = 0, stages = 2 + draw.integer(3); stage < stages; stage++)
      for (let block = 0; block < blocks; block++) y = make(y, stage, block);
    return y;
  };
}
