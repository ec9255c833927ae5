import { type ChannelConv2d, type ConvTranspose2d, cropOf, type Shape } from '../../src/network/index.js';
import { type FeatureMap, mapElements, valueAt, windowed } from './reference-map.js';

type Numbers = Readonly<Record<string, Float32Array>>;

/** Each element of the input adds the whole window, scaled by it, to the output. */
export function transposedConvolution(
  layer: ConvTranspose2d,
  x: FeatureMap,
  shape: Shape,
  { kernel, bias }: Numbers,
): Float64Array {
  const channels = x.shape[2];
  const [inGroup, outGroup] = [channels / layer.groups, layer.filters / layer.groups];
  const [top, left] = [cropOf(layer, 0)[0], cropOf(layer, 1)[0]];
  const values = mapElements(shape, (_row, _column, filter) => bias?.[filter] ?? 0);
  mapElements(x.shape, (row, column, c) => {
    for (let dy = 0; dy < layer.kernel[0]; dy++)
      for (let dx = 0; dx < layer.kernel[1]; dx++) {
        const y = row * layer.stride[0] + dy - top;
        const z = column * layer.stride[1] + dx - left;
        if (y < 0 || y >= shape[0] || z < 0 || z >= shape[1]) continue;
        for (let f = 0; f < outGroup; f++) {
          const filter = Math.floor(c / inGroup) * outGroup + f;
          const tap = dy * layer.kernel[1] + dx;
          values[(y * shape[1] + z) * shape[2] + filter]! +=
            valueAt(x, row, column, c) * kernel![(tap * outGroup + f) * channels + c]!;
        }
      }
    return 0;
  });
  return values;
}

/** A window over pixels and channels, filter by filter. */
export function channelConvolution(
  layer: ChannelConv2d,
  x: FeatureMap,
  shape: Shape,
  { kernel, bias }: Numbers,
): Float64Array {
  const channels = x.shape[2];
  const outs = shape[2] / layer.filters;
  const missing = (outs - 1) * layer.depthStride + layer.depth - channels;
  const before = layer.depthPadding === 'same' ? Math.floor(Math.max(0, missing) / 2) : 0;
  return windowed(layer, x, shape, (window, out) => {
    const filter = Math.floor(out / outs);
    const start = (out % outs) * layer.depthStride - before;
    let sum = bias?.[filter] ?? 0;
    for (const { pixel, tap } of window)
      for (let d = Math.max(0, -start); d < layer.depth && start + d < channels; d++)
        sum +=
          x.values[pixel * channels + start + d]! *
          kernel![(tap * layer.depth + d) * layer.filters + filter]!;
    return sum;
  });
}
