import type { RandomStream } from '../foundation/index.js';
import { activationOfCode, type Kernel, lowerWhole } from '../kernel/index.js';
import { type Network, NetworkBuilder } from '../network/index.js';
import { pick } from './layer-place.js';

/** A shape as a profile has it. */
type Shape = Readonly<Record<string, number>>;

/**
 * A kernel like another one, with some of its sizes changed a little: what to measure where predictions are poor (as
 * nn-Meter's adaptive sampler does; Zhang et al., MobiSys 2021, section 3.3). Null for operators that it cannot vary.
 */
export function kernelNear(
  draw: RandomStream,
  { family, shape }: Pick<Kernel, 'family' | 'shape'>,
): Kernel | null {
  const network = build(family, varied(draw, shape));
  return network === null ? null : (lowerWhole(network).kernels.at(-1) ?? null);
}

/** Sizes that may change, and how far at the most, as a factor. */
const MOST_CHANGE = 1.5;
const channelSizes = ['channels', 'filters', 'inputs', 'units'];

function varied(draw: RandomStream, shape: Shape): Shape {
  const changed: Record<string, number> = { ...shape };
  const factor = () => MOST_CHANGE ** (2 * draw.uniform() - 1);
  for (const name of channelSizes) {
    const size = shape[name];
    if (size === undefined || size <= 3 || draw.uniform() < 0.3) continue;
    const step = pick(draw, [8, 8, 4, 1]);
    changed[name] = Math.max(step, step * Math.round((size * factor()) / step));
  }
  if (shape['height'] !== undefined && shape['width'] !== undefined && draw.uniform() < 0.7) {
    const scale = factor();
    const isSquare = shape['height'] === shape['width'];
    changed['height'] = Math.max(1, Math.round(shape['height'] * scale));
    changed['width'] = isSquare ? changed['height'] : Math.max(1, Math.round(shape['width'] * factor()));
  }
  return changed;
}

function build(family: string, shape: Shape): Network | null {
  const at = (name: string, otherwise = 1) => shape[name] ?? otherwise;
  const b = new NetworkBuilder('near');
  const map = () => b.input([at('height'), at('width'), at('channels')]);
  const window = {
    kernel: [at('kernelHeight'), at('kernelWidth')] as const,
    stride: [at('strideHeight'), at('strideWidth')] as const,
    padding: {
      top: at('padTop', 0),
      bottom: at('padBottom', 0),
      left: at('padLeft', 0),
      right: at('padRight', 0),
    },
  };
  const isSmaller =
    at('height') + window.padding.top + window.padding.bottom < window.kernel[0] ||
    at('width') + window.padding.left + window.padding.right < window.kernel[1];
  if (shape['kernelHeight'] !== undefined && isSmaller) return null;
  if (at('groups') > 1 || at('multiplier') > 1 || shape['dilationHeight'] !== undefined) return null;
  const name = activationOfCode(at('activation', 0));
  const activated = (x: string) => (name === 'linear' ? x : b.activation(x, name));
  switch (family) {
    case 'conv2d':
      return b.build(
        activated(b.conv2d(map(), { ...window, filters: at('filters'), bias: at('bias') === 1 })),
      );
    case 'depthwiseConv2d':
      return b.build(activated(b.depthwiseConv2d(map(), { ...window, bias: at('bias') === 1 })));
    case 'dense':
      return b.build(activated(b.dense(b.input([1, 1, at('inputs')]), { units: at('units') })));
    case 'maxPool':
      return b.build(b.maxPool(map(), window));
    case 'avgPool':
      return b.build(b.avgPool(map(), window));
    case 'globalAvgPool':
      return b.build(b.globalAvgPool(map()));
    case 'activation':
      return name === 'linear' ? null : b.build(b.activation(map(), name));
    case 'batchNorm':
      return b.build(b.batchNorm(map()));
    default:
      return null;
  }
}
