import { complain } from '../../foundation/index.js';
import { NetworkBuilder } from '../builder.js';
import type { Id } from '../layer.js';
import type { Family } from './options.js';

/**
 * YOLOv2: Redmon and Farhadi, "YOLO9000: Better, Faster, Stronger", CVPR 2017 (arXiv 1612.08242), layer by layer as
 * darknet's `cfg/yolov2.cfg`: 23 convolutions, leaky ReLU of 0.1 after batch normalisation in all but the last, and the
 * passthrough of 64 filters. The default is COCO's: 80 classes and 5 anchors, 5 * (80 + 5) = 425 filters at the end;
 * VOC's 20 classes give 125.
 *
 * The passthrough moves each 2x2 block of pixels into the channels. Darknet's `reorg` permutes the same numbers
 * differently, which changes no size, work or memory, but weights trained by darknet would have to be permuted.
 */
export const yolov2: Family = {
  names: ['yolov2'],
  owns: (name) => name === 'yolov2',
  defaultInput: [608, 608, 3],
  defaultClasses: 80,
  build: (name, input, classes) => {
    if (input[0] % 32 !== 0 || input[1] % 32 !== 0) {
      throw complain({
        file: `network ${name}`,
        path: 'input',
        found: `${input[0]}x${input[1]}`,
        expected: 'multiples of 32, since five pools halve the map',
      });
    }
    const b = new NetworkBuilder(name);
    let convolutions = 0;
    const convolve = (from: Id, filters: number, kernel: 1 | 3) => {
      const conv = `conv${++convolutions}`;
      const made = b.conv2d(from, { filters, kernel, bias: false, name: conv });
      const normalised = b.batchNorm(made, `${conv}/bn`);
      return b.activation(normalised, 'leakyRelu', { alpha: 0.1, name: `${conv}/leaky` });
    };
    const stage = (from: Id, filters: readonly number[]) =>
      filters.reduce((x, count, index) => convolve(x, count, index % 2 === 0 ? 3 : 1), from);
    let x = b.input(input, 'input');
    for (const filters of stages) x = b.maxPool(stage(x, filters), { kernel: 2 });
    const fine = stage(x, [512, 256, 512, 256, 512]);
    x = stage(b.maxPool(fine, { kernel: 2 }), [1024, 512, 1024, 512, 1024]);
    const coarse = convolve(convolve(x, 1024, 3), 1024, 3);
    const passed = b.spaceToDepth(convolve(fine, 64, 1), 2, 'reorg');
    x = convolve(b.concat([passed, coarse], 'route'), 1024, 3);
    const filters = ANCHORS * (classes + 5);
    return b.build(b.conv2d(x, { filters, kernel: 1, name: `conv${++convolutions}` }));
  },
};

/** Boxes that each cell of the output predicts; each has four coordinates, an objectness and the classes. */
const ANCHORS = 5;

/** Filters of the convolutions before each of the first four pools: 3x3 and 1x1 in turn. */
const stages: readonly (readonly number[])[] = [[32], [64], [128, 64, 128], [256, 128, 256]];
