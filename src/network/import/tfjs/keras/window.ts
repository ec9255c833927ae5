import type { Padding } from '../../../layer.js';
import { reduce } from '../../emit/movement.js';
import { convolution, pool, transposedConvolution, type WindowSettings } from '../../emit/window.js';
import type { LayerImport, LayerReader } from '../layer-reader.js';
import { named } from './activation.js';

/** Layers whose window slides over a map or a sequence. */
export const windowLayers: Readonly<Record<string, LayerImport>> = {
  Conv2D: plain,
  Conv1D: plain,
  DepthwiseConv2D: (layer) => {
    const channels = layer.input.dims.at(-1)!;
    const filters = channels * layer.number('depth_multiplier', 1);
    return named(layer, depthwise(layer, layer.name, filters, layer.flag('use_bias', true)));
  },
  SeparableConv2D: (layer) => {
    const channels = layer.input.dims.at(-1)!;
    // tfjs (4.22) forgets the multiplier when it saves the layer; the kernel still has it.
    const stored =
      layer.config['depth_multiplier'] === undefined ? layer.weight('depthwise_kernel') : undefined;
    const multiplier = stored?.dims[3] ?? layer.number('depth_multiplier', 1);
    const spread = depthwise(layer, `${layer.name}/depthwise`, channels * multiplier, false);
    const settings = {
      kernel: [1, 1],
      stride: [1, 1],
      dilation: [1, 1],
      padding: 'valid',
      filters: layer.number('filters'),
      groups: 1,
    } as const;
    const hasBias = layer.flag('use_bias', true);
    const weights = {
      kernel: layer.weight('pointwise_kernel'),
      bias: hasBias ? layer.weight('bias') : undefined,
    };
    return named(layer, convolution(layer.assembly, layer.name, spread, settings, hasBias, weights));
  },
  Conv2DTranspose: (layer) => {
    const hasBias = layer.flag('use_bias', true);
    const settings = { ...windowOf(layer, 'kernel_size'), filters: layer.number('filters'), groups: 1 };
    const outputPadding =
      layer.config['output_padding'] == null ? undefined : layer.pair('output_padding', [0, 0]);
    const weights = { kernel: layer.weight('kernel'), bias: hasBias ? layer.weight('bias') : undefined };
    return named(
      layer,
      transposedConvolution(
        layer.assembly,
        layer.name,
        layer.input,
        { ...settings, ...(outputPadding && { outputPadding }) },
        hasBias,
        weights,
      ),
    );
  },
  MaxPooling2D: (layer) => pooled(layer, 'maxPool'),
  MaxPooling1D: (layer) => pooled(layer, 'maxPool'),
  AveragePooling2D: (layer) => pooled(layer, 'avgPool'),
  AveragePooling1D: (layer) => pooled(layer, 'avgPool'),
  GlobalAveragePooling2D: (layer) => global(layer, 'globalAvgPool'),
  GlobalAveragePooling1D: (layer) => global(layer, 'globalAvgPool'),
  GlobalMaxPooling2D: (layer) => global(layer, 'globalMaxPool'),
  GlobalMaxPooling1D: (layer) => global(layer, 'globalMaxPool'),
};

function plain(layer: LayerReader) {
  const hasBias = layer.flag('use_bias', true);
  const settings = {
    ...windowOf(layer, 'kernel_size'),
    filters: layer.number('filters'),
    groups: layer.number('groups', 1),
  };
  const weights = { kernel: layer.weight('kernel'), bias: hasBias ? layer.weight('bias') : undefined };
  return named(layer, convolution(layer.assembly, layer.name, layer.input, settings, hasBias, weights));
}

function depthwise(layer: LayerReader, name: string, filters: number, hasBias: boolean) {
  const groups = layer.input.dims.at(-1)!;
  const settings = { ...windowOf(layer, 'kernel_size'), filters, groups };
  const kernel = layer.weight('depthwise_kernel');
  const bias = hasBias ? layer.weight('bias') : undefined;
  return convolution(layer.assembly, name, layer.input, settings, hasBias, { kernel, bias });
}

function pooled(layer: LayerReader, kind: 'maxPool' | 'avgPool') {
  const window = windowOf(layer, 'pool_size');
  const stride = layer.config['strides'] == null ? window.kernel : window.stride;
  return pool(layer.assembly, layer.name, layer.input, kind, { ...window, stride });
}

function global(layer: LayerReader, kind: 'globalAvgPool' | 'globalMaxPool') {
  checkFormat(layer);
  const axes = layer.input.dims.map((_, axis) => axis).slice(1, -1);
  return reduce(layer.assembly, layer.name, layer.input, axes, kind, layer.flag('keepdims', false));
}

function windowOf(layer: LayerReader, size: 'kernel_size' | 'pool_size'): WindowSettings {
  checkFormat(layer);
  const isSequence = layer.className.endsWith('1D');
  const rank = layer.input.dims.length;
  if (rank !== (isSequence ? 3 : 4)) throw layer.wrong(`an input of ${rank} axes`, isSequence ? '3' : '4');
  const square = isSequence ? ([2, 1] as const) : ([2, 2] as const);
  const kernel = layer.pair(size, square);
  if (layer.config[size] === undefined && size === 'kernel_size') throw layer.wrong('no kernel_size', 'one');
  return {
    kernel,
    stride: layer.pair('strides', [1, 1]),
    dilation: layer.pair('dilation_rate', [1, 1]),
    padding: paddingOf(layer),
  };
}

function paddingOf(layer: LayerReader): Padding {
  const padding = layer.text('padding', 'valid');
  if (padding !== 'same' && padding !== 'valid')
    throw layer.wrong(`the padding "${padding}"`, 'same or valid');
  return padding;
}

export function checkFormat(layer: LayerReader): void {
  const format = String(layer.config['data_format'] ?? 'channels_last');
  if (format !== 'channels_last' && format !== 'channelsLast')
    throw layer.wrong(`the data_format "${format}"`, 'channels_last');
}
