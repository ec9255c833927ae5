import { NonnError } from '../../../foundation/index.js';
import type { Padding } from '../../layer.js';
import { asMap } from '../arrange.js';
import type { Assembly, Learned } from '../assembly.js';
import { type Constant, constant } from '../constant.js';
import type { Value } from '../value.js';

type Pair = readonly [height: number, width: number];

export interface WindowSettings {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

export interface ConvolutionSettings extends WindowSettings {
  readonly filters: number;
  readonly groups: number;
}

/** Numbers of a convolution; none where the file has no weights. */
export interface ConvolutionWeights {
  /** `[kernel height, kernel width, channels / groups, filters]`. */
  readonly kernel?: Constant | undefined;
  readonly bias?: Constant | undefined;
}

/** A convolution, as a depthwise one where each channel is a group of its own. */
export function convolution(
  assembly: Assembly,
  name: string,
  value: Value,
  settings: ConvolutionSettings,
  hasBias: boolean,
  weights: ConvolutionWeights,
): Value {
  const { filters, groups } = settings;
  const { map, window } = padded(assembly, name, asMap(assembly, value), settings);
  const channels = map.shape[2];
  const depthwise = groups === channels && groups > 1 && filters % channels === 0;
  const made = assembly.add(
    name,
    depthwise
      ? { kind: 'depthwiseConv2d', ...window, multiplier: filters / channels, bias: hasBias }
      : { kind: 'conv2d', ...window, filters, groups, bias: hasBias },
    [map],
    learned(weights),
  );
  return assembly.mapOf(made, value.dims.length);
}

/** A transposed convolution; its kernel is `[kernel height, kernel width, filters / groups, channels]`. */
export function transposedConvolution(
  assembly: Assembly,
  name: string,
  value: Value,
  settings: ConvolutionSettings & { readonly outputPadding?: Pair },
  hasBias: boolean,
  weights: ConvolutionWeights,
): Value {
  const { kernel, stride, padding, filters, groups, outputPadding } = settings;
  if (settings.dilation.some((step) => step !== 1))
    throw new NonnError(`layer ${name}: found a dilated transposed convolution, expected a dilation of 1`);
  const grown = outputPadding?.some((count) => count > 0) ? { outputPadding } : {};
  const made = assembly.add(
    name,
    { kind: 'convTranspose2d', kernel, stride, padding, filters, groups, bias: hasBias, ...grown },
    [asMap(assembly, value)],
    learned(weights),
  );
  return assembly.mapOf(made, value.dims.length);
}

export function pool(
  assembly: Assembly,
  name: string,
  value: Value,
  kind: 'maxPool' | 'avgPool',
  settings: WindowSettings,
  countPadding = false,
): Value {
  if (settings.dilation.some((step) => step !== 1))
    throw new NonnError(`layer ${name}: found a dilated pool, expected a dilation of 1`);
  const { kernel, stride, padding } = settings;
  const counted = kind === 'avgPool' && countPadding && hasPadding(padding) ? { countPadding } : {};
  const made = assembly.add(name, { kind, kernel, stride, padding, ...counted }, [asMap(assembly, value)]);
  return assembly.mapOf(made, value.dims.length);
}

/** A convolution's bias that stands in a layer of its own, put into it; undefined where it has one already. */
export function withBias(assembly: Assembly, value: Value, bias: Constant | undefined): Value | undefined {
  const layer = assembly.layerOf(value);
  switch (layer.kind) {
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'convTranspose2d':
    case 'dense': {
      if (layer.bias) return undefined;
      assembly.replace(value, { ...layer, bias: true }, bias && { ...assembly.learnedOf(value), bias });
      return value;
    }
    default:
      return undefined;
  }
}

/** A kernel `[filters, channels / groups, height, width]` (or without width) as nonn has it. */
export function kernelOfOnnx(weights: Constant): Constant {
  const [filters, channels, height, width = 1] = weights.dims as [number, number, number, number?];
  // Written out, since this runs over every weight of a network.
  return constant(weights.name, [height, width, channels, filters], () => {
    const from = weights.numbers();
    const to = new Float32Array(from.length);
    const taps = height * width;
    for (let filter = 0; filter < filters; filter++)
      for (let channel = 0; channel < channels; channel++)
        for (let tap = 0; tap < taps; tap++)
          to[(tap * channels + channel) * filters + filter] =
            from[(filter * channels + channel) * taps + tap]!;
    return to;
  });
}

/** Padding that is as wide as the window, which no window takes, stands in a layer of its own. */
function padded(assembly: Assembly, name: string, map: Value, settings: WindowSettings) {
  const dilation = settings.dilation.map((step, axis) =>
    settings.kernel[axis] === 1 ? 1 : step,
  ) as unknown as Pair;
  const { kernel, stride, padding } = settings;
  const rest = dilation.some((step) => step !== 1) ? { dilation } : {};
  const window = { kernel, stride, padding, ...rest };
  if (typeof padding === 'string') return { map, window };
  const span = (axis: 0 | 1) => (kernel[axis] - 1) * dilation[axis] + 1;
  const { top, bottom, left, right } = padding;
  if (Math.max(top, bottom) < span(0) && Math.max(left, right) < span(1)) return { map, window };
  const made = assembly.add(
    `${name}/pad`,
    { kind: 'pad', rows: [top, bottom], columns: [left, right], channels: [0, 0], mode: 'constant' },
    [map],
  );
  return { map: assembly.mapOf(made, map.dims.length), window: { ...window, padding: 'valid' as const } };
}

function hasPadding(padding: Padding): boolean {
  return typeof padding === 'string' ? padding === 'same' : Object.values(padding).some((count) => count > 0);
}

function learned({ kernel, bias }: ConvolutionWeights): Learned | undefined {
  if (kernel === undefined) return undefined;
  return bias === undefined ? { kernel } : { kernel, bias };
}
